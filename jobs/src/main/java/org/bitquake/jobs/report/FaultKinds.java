package org.bitquake.jobs.report;

import java.util.List;
import java.util.stream.Stream;
import org.bitquake.fault.FaultKind;

/** Fault kinds in the paper's order, models in the configuration's, and their names as headings. */
final class FaultKinds {
  private FaultKinds() {}

  static List<String> of(Answer answer) {
    var present = answer.distinct("kind").stream().sorted().toList();
    var known =
        answer.models().isEmpty()
            ? Stream.of(FaultKind.values()).map(FaultKind::label).toList()
            : answer.models();
    return Stream.concat(
            known.stream().filter(present::contains),
            present.stream().filter(kind -> !known.contains(kind)))
        .toList();
  }

  static String title(String kind) {
    String words = kind.equals(FaultKind.BIT_FLIP.label()) ? "bit flip" : kind;
    return words.isEmpty()
        ? words
        : words.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + words.substring(1);
  }
}
