package org.bitquake.jobs.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;

/**
 * What the build runs once so that Java sees which classes the commands need, and keeps them in the
 * archive of {@code submit/bitquake}: small cases of the commands that people wait for.
 */
final class ClassData {
  private ClassData() {}

  /** Runs all of them; the exit code is that of the first that failed. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("bitquake-class-data");
    int code;
    try {
      code = run(folder);
      SparkSession.active().stop();
    } finally {
      FileUtils.deleteQuietly(folder.toFile());
    }
    System.exit(code);
  }

  private static int run(Path folder) throws IOException {
    Path networks = Path.of(System.getProperty("bitquake.home", ""), "conf", "networks");
    String file =
        Files.writeString(
                folder.resolve("small.yaml"),
                String.format(
                    Locale.ROOT,
                    """
      name: class-data
      seed: 1
      networks: ["%1$s/lenet5-standard.qnn.npz", "%1$s/lenet5-saq.qnn.npz"]
      data: {name: fashion-mnist, split: test}
      faults: {kinds: [bit-flip, stuck-at-0], rates: [0, 0.05]}
      trials: {perCell: 40}
      images: 16
      output: unused
      """,
                    networks))
            .toString();
    String results = folder.resolve("results").toString();
    String network = networks.resolve("lenet5-saq.qnn.npz").toString();
    for (var words :
        List.of(
            List.of("campaign", file, "--output", results),
            List.of("campaign", file, "--output", results),
            List.of("sql", "--results", results, "TABLE cells; DESCRIBE trials"),
            List.of("sql", "--results", results, "--format", "csv", "SELECT count(*) FROM trials"),
            List.of("sql", "--results", results, "--format", "json", "TABLE cells"),
            List.of("sql", "--results", results, "--format", "markdown", "TABLE methods"),
            List.of("report", results),
            List.of("verify", results, "--replay", "1"),
            List.of("inspect", network),
            List.of("inspect", results),
            List.of("campaign", "--help"))) {
      int code = run(words);
      if (code != ExitCode.DONE) {
        return code;
      }
    }
    return ExitCode.DONE;
  }

  private static int run(List<String> words) {
    System.out.println(String.join(" ", words));
    return Main.run(words.toArray(String[]::new));
  }
}
