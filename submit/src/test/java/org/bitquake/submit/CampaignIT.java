package org.bitquake.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bitquake.submit.Launcher.Result;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job as a user runs it: launcher, job jar, embedded Spark, the networks in conf. */
class CampaignIT {
  private static final int TRIALS = 100;
  private static final int CELLS = 4 * 3 * 3;
  private static final int EXACT = 4 * 3;
  private static final int SIGTERM = 15;

  @TempDir static Path folder;
  private static Path undisturbed;
  private static Result first;

  @BeforeAll
  static void onOneCore() throws IOException {
    String networks = Launcher.repository().resolve("conf/networks").toString();
    Files.writeString(
        folder.resolve("small.yaml"),
        String.format(
            Locale.ROOT,
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
        images: 64
        output: unused
        """,
            networks,
            TRIALS));
    undisturbed = folder.resolve("undisturbed");
    first = asAUser().run(arguments(undisturbed, "1", "local[1]"));
  }

  @Test
  void everyCellIsPrintedAndThePictureIsDrawn() {
    assertThat(first.exit()).as(first.stderr()).isZero();
    assertThat(Pattern.compile("\\d+\\.\\d\\d ± \\d+\\.\\d\\d").matcher(first.stdout()).results())
        .hasSize(CELLS - EXACT);
    assertThat(undisturbed.resolve("figures/accuracy.svg")).isNotEmptyFile();
    assertThat(undisturbed.resolve("figures/accuracy.png")).isNotEmptyFile();
  }

  @Test
  void executorsInProcessesOfTheirOwnGiveTheSameRows() {
    Path cluster = folder.resolve("cluster");

    Result run = campaign(cluster, "2", "local-cluster[2,1,1024]");

    assertThat(run.exit()).as(run.stderr()).isZero();
    requireTheRowsOf(cluster);
  }

  @Test
  void aFinishedCampaignIsLeftAlone() throws IOException {
    var manifests = undisturbed.resolve("_manifests");
    var before = Files.getLastModifiedTime(manifests);

    Result again = campaign(undisturbed, "1", "local[1]");

    assertThat(again.exit()).isZero();
    assertThat(again.stdout()).contains("lenet5-saq");
    assertThat(again.stderr()).doesNotContain("trials:");
    assertThat(Files.getLastModifiedTime(manifests)).isEqualTo(before);
  }

  @Test
  void aKilledCampaignSaysSoInOneLineAndGoesOnToTheSameRows() {
    Path killed = folder.resolve("killed");

    Result kill =
        launcher().killWhen(() -> hasAWave(killed)).run(arguments(killed, "7", "local[2]"));
    assertThat(kill.exit()).isEqualTo(128 + SIGTERM);
    assertThat(kill.stderr())
        .contains("bitquake: stopped; what is committed is kept")
        .doesNotContain("\tat ", "this is a bug");
    Result resumed = campaign(killed, "7", "local[2]");

    assertThat(resumed.exit()).as(resumed.stderr()).isZero();
    assertThat(resumed.stderr()).contains("trials:");
    requireTheRowsOf(killed);
  }

  private static boolean hasAWave(Path output) {
    String[] parts = output.resolve("_manifests/trials").toFile().list();
    return parts != null && Arrays.stream(parts).anyMatch(name -> name.endsWith(".json"));
  }

  private static Result campaign(Path output, String partitions, String master) {
    return launcher().run(arguments(output, partitions, master));
  }

  private static String[] arguments(Path output, String partitions, String master) {
    var words = new ArrayList<>(List.of("campaign", folder.resolve("small.yaml").toString()));
    words.addAll(List.of("--output", output.toString(), "--partitions", partitions));
    if (!output.equals(undisturbed)) { // one page is enough
      words.add("--no-report");
    }
    words.addAll(List.of("--", "--master", master));
    return words.toArray(String[]::new);
  }

  /** The tables of a campaign must be those of the undisturbed one, read from its files alone. */
  private static void requireTheRowsOf(Path results) {
    var query = new StringBuilder();
    for (String table : List.of("trials", "cells", "pairs")) {
      for (String from :
          List.of(table, String.format(Locale.ROOT, "parquet.`%s/%s/*`", undisturbed, table))) {
        query.append(String.format(Locale.ROOT, "SELECT * FROM %s ORDER BY ALL;", from));
      }
    }
    Result sql =
        launcher()
            .run(
                "sql",
                "--results",
                results.toString(),
                "--format",
                "csv",
                query.toString(),
                "--",
                "--master",
                "local[2]");
    assertThat(sql.exit()).as(sql.stderr()).isZero();
    var tables = sql.stdout().split("(?m)^(?=network,kind,|differs_in,network_a,)");
    assertThat(tables).hasSize(2 * 3);
    for (int i = 0; i < tables.length; i += 2) {
      assertThat(tables[i]).isEqualTo(tables[i + 1]);
    }
    assertThat(tables[0].lines()).hasSize(1 + CELLS * TRIALS);
    assertThat(tables[2].lines()).hasSize(1 + CELLS);
  }

  private static Launcher asAUser() {
    return Launcher.ofRepository().in(folder);
  }

  /** What is compared with a user's campaign, on another engine at that. */
  private static Launcher launcher() {
    return Launcher.brief().in(folder);
  }
}
