package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CnvlutinCommandTest {
  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() {
    assertThat(TestSpark.session().sparkContext().isStopped()).isFalse();
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  @Test
  void withoutAReportThereAreTablesAndNothingElse() {
    var world = SmallWorld.create(temp);
    String config =
        world.config(
            """
            name: tiny
            networks: [a.qnn.npz]
            data: {name: fashion-mnist, directory: data}
            images: 3
            output: unused
            """);
    Path output = temp.resolve("results");

    assertThat(run("cnvlutin", config, "--output", output.toString(), "--no-report")).isZero();

    assertThat(output.resolve("cnvlutin_layers")).isNotEmptyDirectory();
    assertThat(output.resolve("figures")).doesNotExist();
    assertThat(output.resolve("report.html")).doesNotExist();
    assertThat(out.toString()).contains(output.toString()).doesNotContain("Figure ", "Report ");
  }

  @Test
  void wrongInputIsOneLine() {
    assertThat(run("cnvlutin", "no-such.yaml")).isEqualTo(ExitCode.WRONG_INPUT);
    assertThat(err.toString()).isEqualTo("bitquake: no-such.yaml: no such file\n");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void optionsAreChecked() {
    assertThat(run("cnvlutin", "x.yaml", "--output-mode", "append")).isEqualTo(2);
    assertThat(run("cnvlutin", "x.yaml", "--partitions", "0")).isEqualTo(2);
    assertThat(run("cnvlutin")).isEqualTo(2);
    assertThat(err.toString()).contains("append").contains("--partitions").contains("CONFIG");
  }
}
