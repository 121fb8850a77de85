package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CnvlutinCommandTest {
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
