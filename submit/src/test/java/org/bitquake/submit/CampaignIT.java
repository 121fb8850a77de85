package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job as a user runs it: launcher, job jar, embedded Spark, the networks in conf. */
class CampaignIT {
  private static final String ROWS =
      "SELECT * FROM trials ORDER BY network, kind, rate, trial; "
          + "SELECT * FROM cells ORDER BY network, kind, rate";
  private static final int TRIALS = 12;
  private static final int SIGTERM = 15;
  private static final int CELLS = 4 * 3 * 3;

  @TempDir static Path folder;
  private static String reference;

  @BeforeAll
  static void onOneCore() throws IOException {
    String networks = Launcher.repository().resolve("conf/networks").toString();
    Files.writeString(
        folder.resolve("small.yaml"),
        """
        name: small
        seed: 7
        networks:
          - "%1$s/lenet5-standard.qnn.npz"
          - "%1$s/lenet5-as.qnn.npz"
          - "%1$s/lenet5-saq.qnn.npz"
          - "%1$s/lenet5-as-saq.qnn.npz"
        data: {name: fashion-mnist, split: test}
        faults:
          kinds: [bit-flip, stuck-at-0, stuck-at-1]
          rates: [0, 0.01, 0.05]
        trials: {perCell: %2$d}
        images: 32
        output: unused
        """
            .formatted(networks, TRIALS));
    reference = rowsOf("local[1]", "1");
  }

  @Test
  void everyCellHasItsTrialsAndThePictureIsDrawn() {
    assertThat(reference.lines().filter(line -> line.startsWith("lenet5-")))
        .hasSize(CELLS * TRIALS + CELLS);
    assertThat(folder.resolve("1/figures/accuracy.svg")).isNotEmptyFile();
    assertThat(folder.resolve("1/figures/accuracy.png")).isNotEmptyFile();
  }

  @Test
  void anyNumberOfPartitionsGivesTheSameRows() {
    assertThat(rowsOf("local[2]", "7")).isEqualTo(reference);
  }

  @Test
  void executorsInProcessesOfTheirOwnGiveTheSameRows() {
    assertThat(rowsOf("local-cluster[2,1,1024]", "2")).isEqualTo(reference);
  }

  @Test
  void aFinishedCampaignIsLeftAlone() throws IOException {
    var manifests = folder.resolve("1/_manifests");
    var before = Files.getLastModifiedTime(manifests);

    Result again = campaign("local[1]", "1");

    assertThat(again.exit()).isZero();
    assertThat(again.stdout()).contains("lenet5-saq");
    assertThat(again.stderr()).doesNotContain("trials:");
    assertThat(Files.getLastModifiedTime(manifests)).isEqualTo(before);
  }

  @Test
  void aKilledCampaignSaysSoInOneLineAndGoesOnToTheSameRows() throws Exception {
    var config =
        Files.writeString(
            folder.resolve("long.yaml"),
            Files.readString(folder.resolve("small.yaml"))
                .replace("name: small", "name: long")
                .replace("{perCell: %d}".formatted(TRIALS), "{perCell: 100}")
                .replace("images: 32", "images: 64"));
    Path undisturbed = folder.resolve("undisturbed");
    assertThat(campaign(config, undisturbed).exit()).isZero();
    Path killed = folder.resolve("killed");

    Result kill = launcher().killWhen(() -> hasAWave(killed)).run(arguments(config, killed));
    assertThat(kill.exit()).isEqualTo(128 + SIGTERM);
    assertThat(kill.stderr())
        .contains("bitquake: stopped; what is committed is kept")
        .doesNotContain("\tat ", "this is a bug");
    Result resumed = campaign(config, killed);

    assertThat(resumed.exit()).as(resumed.stderr()).isZero();
    assertThat(resumed.stderr()).contains("trials:");
    assertThat(rows(killed)).isEqualTo(rows(undisturbed));
  }

  private static boolean hasAWave(Path output) {
    String[] parts = output.resolve("_manifests/trials").toFile().list();
    return parts != null && Arrays.stream(parts).anyMatch(name -> name.endsWith(".json"));
  }

  private static String[] arguments(Path config, Path output) {
    return new String[] {
      "campaign", config.toString(), "--output", output.toString(), "--", "--master", "local[2]"
    };
  }

  private static Result campaign(Path config, Path output) {
    return launcher().run(arguments(config, output));
  }

  private static String rowsOf(String master, String partitions) {
    Result run = campaign(master, partitions);
    assertThat(run.exit()).as(run.stderr()).isZero();
    return rows(Path.of(output(partitions)));
  }

  private static String rows(Path results) {
    Result rows =
        launcher()
            .run(
                "sql",
                "--results",
                results.toString(),
                "--format",
                "csv",
                ROWS,
                "--",
                "--master",
                "local[2]");
    assertThat(rows.exit()).as(rows.stderr()).isZero();
    return rows.stdout();
  }

  private static Result campaign(String master, String partitions) {
    return launcher()
        .run(
            "campaign",
            folder.resolve("small.yaml").toString(),
            "--output",
            output(partitions),
            "--partitions",
            partitions,
            "--",
            "--master",
            master);
  }

  private static String output(String partitions) {
    return folder.resolve(partitions).toString();
  }

  private static Launcher launcher() {
    return Launcher.ofRepository().in(folder);
  }
}
