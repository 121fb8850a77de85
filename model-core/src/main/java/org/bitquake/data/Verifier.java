package org.bitquake.data;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;

/** Compares data files with the published ones, by their uncompressed contents. */
public final class Verifier {
  private Verifier() {}

  /**
   * What was found out about one file.
   *
   * @param problem empty where the contents are the published ones
   */
  public record Finding(String file, Optional<String> problem) {
    public boolean isOriginal() {
      return problem.isEmpty();
    }
  }

  /**
   * Checks all files of a data set, found as {@link Datasets#load} finds them.
   *
   * @param directory a Hadoop path
   * @throws InputException if the directory has none of the files
   */
  public static List<Finding> verify(Source source, String directory, Configuration hadoop) {
    var folder = new DataFolder(source, directory, hadoop);
    List<String> names = source.contents().stream().map(Source.Contents::file).toList();
    Path where = folder.folderOf(names).orElseThrow(() -> folder.nothing(names));
    return source.contents().stream()
        .map(
            contents ->
                folder
                    .find(where, contents.file())
                    .map(file -> check(file, contents))
                    .orElseGet(
                        () ->
                            new Finding(
                                new Path(where, contents.file()).toUri().getPath(),
                                Optional.of("missing"))))
        .toList();
  }

  /** Checks one file. */
  static Finding check(DataFile file, Source.Contents expected) {
    Checksums.Sum sum;
    try {
      sum = file.read((in, length) -> Checksums.of(in, "SHA-256", expected.bytes()));
    } catch (InputException e) {
      return new Finding(file.name(), Optional.of("damaged: " + e.getCause().getMessage()));
    }
    if (sum.bytes() != expected.bytes()) {
      return new Finding(
          file.name(),
          Optional.of(
              Text.of(
                  "%s bytes uncompressed, not %d",
                  sum.bytes() > expected.bytes() ? "more" : sum.bytes(), expected.bytes())));
    }
    return new Finding(
        file.name(),
        sum.hex().equals(expected.sha256())
            ? Optional.empty()
            : Optional.of(
                Text.of("other contents: SHA-256 %s, not %s", sum.hex(), expected.sha256())));
  }
}
