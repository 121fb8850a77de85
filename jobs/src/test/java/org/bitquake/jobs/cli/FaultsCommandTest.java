package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bitquake.jobs.campaign.Chips;
import org.bitquake.jobs.campaign.SmallWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String config;

  @BeforeEach
  void world() {
    String models =
        SmallWorld.CONFIG.replaceAll(
            "(?m)^  kinds.*\n",
            "  models: [{name: buffer, target: activations, effect: bit-flip}, bit-flip,"
                + " {name: rows, pattern: row, effect: stuck-at-1}]\n");
    SmallWorld.create(folder);
    config = new SmallWorld(folder).config(models);
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void countsTheFaultsOfATrialLayerByLayer() {
    assertThat(run("faults", config, "--trial", "3", "--model", "rows", "--rate", "1")).isZero();
    // 2·25 + 10·2·36 weights of 4 cells
    assertThat(out.toString())
        .contains("arrays of 256 × 128, interleaved")
        .contains("rows (row, stuck-at-1), rate 1.0, trial 3")
        .containsPattern("all +3,080 +3,080 +3,080\\.0 +0 ");
    assertThat(run("faults", config, "--network", "second", "--rate", "0")).isZero();
    assertThat(out.toString()).contains("second: ").containsPattern("all +3,080 +0 +0\\.0 +0 +0");
  }

  @Test
  void drawsAnArrayAndOverwritesNothing() throws IOException {
    for (String kind : new String[] {"png", "svg"}) {
      Path picture = folder.resolve("faults." + kind);
      assertThat(run("faults", config, "-o", picture.toString())).isZero();
      assertThat(out.toString()).contains("array 0: " + picture);
      byte[] drawn = Files.readAllBytes(picture);
      assertThat(new String(drawn, 0, 5, StandardCharsets.ISO_8859_1))
          .isEqualTo(kind.equals("png") ? "\u0089PNG\r" : "<?xml");
      assertWrong("exists", "faults", config, "-o", picture.toString());
      assertThat(run("faults", config, "-o", picture.toString(), "--output-mode", "overwrite"))
          .isZero();
    }
  }

  @Test
  void showsMeasuredChipsAtTheirRate() throws IOException {
    Chips.thresholds(folder.resolve("t.csv"), 2, 1);
    String chips =
        SmallWorld.CONFIG
            .replaceAll("(?m)^  kinds.*\n", "  models: [{pattern: {profile: [t.csv]}}]\n")
            .replaceAll("(?m)^  rates.*\n", "  rates: {voltages: [0.65, 0.8]}\n")
            .replace("output:", "memory: {rows: 16, wordsPerRow: 2}\noutput:");
    config = new SmallWorld(folder).config(chips);
    Path picture = folder.resolve("chips.png");
    assertThat(run("faults", config, "-o", picture.toString())).isZero();
    assertThat(out.toString()).contains("profile (profile: t.csv), rate 0.0", "of 16 × 64");
    assertThat(picture).isNotEmptyFile();
    assertWrong("the measured chips fail at a rate of 0.", "faults", config, "--rate", "0.5");
  }

  @Test
  void whatThereIsNotIsOneLine() {
    assertWrong("bit-flip, rows", "faults", config, "--model", "columns");
    assertWrong(
        "buffer is a fault model of activations; only the memory of weights is drawn, so name"
            + " another with --model",
        "faults",
        config,
        "--model",
        "buffer");
    assertWrong("second", "faults", config, "--network", "third");
    assertWrong("--array: 1; the memory has arrays 0 to 0", "faults", config, "--array", "1");
    assertWrong("--rate: 1.5 is outside 0…1", "faults", config, "--rate", "1.5");
    assertWrong("--trial: -1", "faults", config, "--trial", "-1");
    assertWrong(".png or .svg", "faults", config, "-o", "picture.jpg");
    assertWrong("no such file", "faults", "no-such.yaml");
  }

  private void assertWrong(String reason, String... args) {
    assertThat(run(args)).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString()).contains(reason).hasLineCount(1);
  }
}
