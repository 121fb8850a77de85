package org.bitquake.jobs.doctor;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Source;
import org.bitquake.data.Verifier;

/**
 * Whether the whole of a published data set is in one of some folders, and unchanged.
 *
 * @param places folders to look into, in order
 */
record DataCheck(Source source, List<String> places, Configuration hadoop) implements Check {
  @Override
  public List<Finding> look() {
    List<String> nothing = new ArrayList<>();
    for (String place : places) {
      List<Verifier.Finding> files;
      try {
        files = Verifier.verify(source, place, hadoop);
      } catch (InputException e) {
        nothing.add(place);
        continue;
      }
      return List.of(judge(place, files));
    }
    return List.of(
        Finding.warning(
            source.name(),
            "not in " + String.join(", nor in ", nothing),
            "bitquake data fetch " + source.name()));
  }

  private Finding judge(String place, List<Verifier.Finding> files) {
    var others = files.stream().filter(file -> !file.isOriginal()).toList();
    if (others.isEmpty()) {
      return Finding.ok(source.name(), "complete in " + place);
    }
    var first = others.get(0);
    return Finding.warning(
        source.name(),
        Text.of(
            "in %s %d of %d files are not the published ones, such as %s: %s",
            place, others.size(), files.size(), first.file(), first.problem().orElseThrow()),
        Text.of(
            "bitquake data fetch %s --data %s --force, unless you mean to use these",
            source.name(), place));
  }
}
