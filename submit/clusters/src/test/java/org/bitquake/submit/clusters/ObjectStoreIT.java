package org.bitquake.submit.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bitquake.submit.Launcher;
import org.bitquake.submit.Secrecy;
import org.bitquake.submit.SmallCampaign;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results in object storage, through s3a, with the embedded Spark. */
class ObjectStoreIT {
  private static final Path JARS = Launcher.repository().resolve("submit/clusters/target/s3a");
  private static final String KEY = Secrecy.secret();

  @TempDir Path folder;

  @Test
  void theRowsAreThoseOfALocalDirectory() throws IOException {
    var campaign = SmallCampaign.in(folder);
    String results = folder.resolve("local").toString();
    campaign.run(launcher(), results, "--master", "local[1]");
    String undisturbed = campaign.rows(launcher(), results, "--master", "local[2]");

    try (var s3 = new S3Process(folder.resolve("s3"))) {
      Path properties = properties(s3.endpoint());
      String[] options = {"--properties-file", properties.toString(), "--jars", jars()};
      var run = campaign.run(launcher(), "s3a://bitquake/results", options);

      assertThat(campaign.rows(launcher(), "s3a://bitquake/results", options))
          .isEqualTo(undisturbed);
      Secrecy.requireNone("standard output", run.stdout(), List.of(KEY));
      Secrecy.requireNone("standard error", run.stderr(), List.of(KEY));
      Secrecy.requireNone(folder, List.of(KEY), properties);
    }
  }

  private Path properties(String endpoint) throws IOException {
    return Secrecy.properties(
        folder.resolve("private.conf"),
        Launcher.repository().resolve("conf/spark-defaults.conf"),
        "spark.master local[2]",
        "spark.eventLog.enabled true",
        "spark.eventLog.dir " + Files.createDirectory(folder.resolve("events")).toUri(),
        "spark.sql.parquet.compression.codec uncompressed",
        "spark.hadoop.fs.s3a.endpoint " + endpoint,
        "spark.hadoop.fs.s3a.path.style.access true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled false",
        // This S3 does not know the condition that s3a sends otherwise: the comparison is s3a's.
        "spark.hadoop.fs.s3a.change.detection.mode client",
        "spark.hadoop.fs.s3a.access.key bitquake",
        "spark.hadoop.fs.s3a.secret.key " + KEY);
  }

  private static String jars() throws IOException {
    try (Stream<Path> jars = Files.list(JARS)) {
      return jars.map(Path::toString).collect(Collectors.joining(","));
    }
  }

  private Launcher launcher() {
    return Launcher.ofRepository().in(folder);
  }
}
