package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static String rowsOf(String master, String partitions) {
    Result run = campaign(master, partitions);
    assertThat(run.exit()).as(run.stderr()).isZero();
    Result rows =
        launcher()
            .run(
                "sql",
                "--results",
                output(partitions),
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
