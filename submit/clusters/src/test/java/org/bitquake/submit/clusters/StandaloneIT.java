package org.bitquake.submit.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bitquake.submit.Launcher;
import org.bitquake.submit.Launcher.Result;
import org.bitquake.submit.Secrecy;
import org.bitquake.submit.SmallCampaign;
import org.bitquake.submit.Waiting;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Spark standalone cluster as its template sets it up: with a secret, and encrypted. */
class StandaloneIT {
  private static final Path TEMPLATE =
      Launcher.repository().resolve("submit/cluster/standalone/spark.conf");
  private static final String SECRET = Secrecy.secret();
  private static final String STORAGE_SECRET = Secrecy.secret();

  @TempDir static Path folder;
  private static SmallCampaign campaign;
  private static Path properties;
  private static String undisturbed;

  @BeforeAll
  static void onOneCore() throws IOException {
    campaign = SmallCampaign.in(folder);
    properties =
        Secrecy.properties(
            folder.resolve("private.conf"),
            TEMPLATE,
            "spark.authenticate.secret " + SECRET,
            "spark.hadoop.fs.s3a.secret.key " + STORAGE_SECRET,
            "spark.eventLog.dir " + Files.createDirectory(folder.resolve("events")).toUri(),
            "spark.eventLog.compress false",
            "spark.sql.parquet.compression.codec uncompressed",
            "spark.executor.memory 1g");
    String results = folder.resolve("local").toString();
    campaign.run(launcher(), results, "--master", "local[1]");
    undisturbed = rows(results);
  }

  @Test
  void givesTheRowsOfOneCoreAndKeepsItsSecrets() throws IOException {
    String results = folder.resolve("cluster").toString();
    Path stranger =
        Secrecy.properties(
            folder.resolve("stranger.conf"),
            properties,
            "spark.authenticate.secret " + Secrecy.secret());

    try (var cluster = new StandaloneCluster(folder.resolve("daemons"), properties, 2)) {
      Result run = onCluster(cluster, launcher(), results);

      assertThat(cluster.works(1)).isTrue();
      assertThat(cluster.works(2)).isTrue();
      var secrets = List.of(SECRET, STORAGE_SECRET);
      Secrecy.requireNone("standard output", run.stdout(), secrets);
      Secrecy.requireNone("standard error", run.stderr(), secrets);
      assertThat(cluster.refuses(stranger)).isTrue();
      Secrecy.requireNone(folder, secrets, properties, stranger);
    }
    try (Stream<Path> logs = Files.list(folder.resolve("events"))) {
      assertThat(logs).isNotEmpty(); // so that they were searched as well
    }
    assertThat(rows(results)).isEqualTo(undisturbed);
  }

  @Test
  void givesThemWithAnExecutorAndAWorkerKilled() throws IOException {
    Path results = folder.resolve("disturbed");

    try (var cluster = new StandaloneCluster(folder.resolve("killed"), properties, 2)) {
      var launcher =
          launcher()
              .when(
                  () -> cluster.works(1) && cluster.works(2),
                  process -> {
                    cluster.killExecutorsOf(1);
                    Waiting.until(() -> hasAWave(results) || !process.isAlive(), () -> "no wave");
                    cluster.killWorker(2);
                  });
      Result run = onCluster(cluster, launcher, results.toString());

      assertThat(run.stderr()).contains("Lost executor 0", "Lost executor 1");
    }
    assertThat(rows(results.toString())).isEqualTo(undisturbed);
  }

  private static Result onCluster(StandaloneCluster cluster, Launcher launcher, String results) {
    return campaign.run(
        launcher,
        results,
        "--properties-file",
        properties.toString(),
        "--master",
        cluster.master());
  }

  private static boolean hasAWave(Path output) {
    String[] parts = output.resolve("_manifests/trials").toFile().list();
    return parts != null && Arrays.stream(parts).anyMatch(name -> name.endsWith(".json"));
  }

  private static String rows(String results) {
    return campaign.rows(launcher(), results, "--master", "local[2]");
  }

  private static Launcher launcher() {
    return Launcher.ofRepository().in(folder).set("SPARK_LOCAL_IP", "127.0.0.1");
  }
}
