package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandscapeCommandTest {
  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void session() {
    TestSpark.session();
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void runsFromTheCommandLine() throws Exception {
    var world = SmallWorld.create(Files.createDirectories(temp.resolve("world")));
    String config =
        world.config(
            """
            name: tiny
            seed: 1
            networks: [a.qnn.npz]
            data: {name: fashion-mnist, split: test, directory: elsewhere}
            images: {count: 10}
            lines: {points: 3, directions: 1}
            output: unused
            """);
    Path output = temp.resolve("results");
    String data = world.directory().resolve("data").toString();

    assertThat(run("landscape", config, "-o", output.toString(), "--data", data, "--no-report"))
        .isZero();

    String found = "3 grid points on 10 images; table landscape in " + output;
    assertThat(out.toString()).contains(found).doesNotContain("Figure ", "Report ");
    assertThat(output.resolve("figures")).doesNotExist();
    assertThat(output.resolve("report.html")).doesNotExist();

    out.getBuffer().setLength(0);
    assertThat(run("landscape", config, "--output", output.toString(), "--data", data)).isZero();

    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .contains(found)
        .contains("Figure " + output.resolve("figures/loss-lines.svg"))
        .contains("Report " + output.resolve("report.html"));
    assertThat(output.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void aMissingConfigurationIsOneLine() {
    assertThat(run("landscape", temp.resolve("none.yaml").toString()))
        .isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("bitquake: ").contains("none.yaml: no such file");
  }
}
