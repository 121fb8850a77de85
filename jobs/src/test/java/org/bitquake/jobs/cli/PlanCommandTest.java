package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.bitquake.jobs.campaign.SmallWorld;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String config;

  @BeforeEach
  void world() {
    config = SmallWorld.create(folder).config(SmallWorld.CONFIG);
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void plansEveryCellAndTheTotals() {
    assertThat(run("plan", config, "--seconds", "1", "--cores", "3,700")).isZero();
    assertThat(out.toString())
        .contains("Plan of campaign small for intervals of ± 0.5 % at 95 % confidence")
        .contains("second", "stuck-at-1", "0.3 %", "± % after 9 trials", "3 cores", "700 cores")
        .contains("9 trials a cell, as configured", "the same intervals, all images");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void plansSingleFaults() {
    String single =
        SmallWorld.CONFIG
            .replaceAll("(?m)^  kinds.*\n", "  kind: single-stuck-at-1\n")
            .replaceAll("(?m)^  rates.*\n", "  population: exhaustive\n")
            .replaceAll("(?m)^trials.*\n", "");
    config = new SmallWorld(folder).config(single);
    assertThat(run("plan", config, "--seconds", "0.1", "--cores", "3,700")).isZero();
    // 2·25 + 10·2·36 weights of 4 cells
    assertThat(out.toString()).contains("second", "3,080", "µs a fault", "3 cores", "700 cores");
    out.getBuffer().setLength(0);
    assertWrong("--half-width", "plan", config, "--half-width", "0.1");
  }

  @Test
  void wrongOptionsAndFilesAreOneLine() {
    assertWrong("--half-width", "plan", config, "--half-width", "0.5");
    assertWrong("--cores", "plan", config, "--cores", "0");
    assertWrong("--seconds", "plan", config, "--seconds", "0");
    assertWrong("--single-fault", "plan", config, "--margin", "0.1");
    assertWrong("--margin", "plan", config, "--single-fault", "--margin", "1");
    assertWrong("no-such.yaml: no such file", "plan", "no-such.yaml");
    assertWrong("CONFIG", "plan");
  }

  private void assertWrong(String what, String... args) {
    err.getBuffer().setLength(0);
    assertThat(run(args)).as(what).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("bitquake: ").contains(what);
    assertThat(out.toString()).isEmpty();
  }
}
