package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CampaignCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CampaignCommand command = new CampaignCommand();
  private final CommandLine line =
      new CommandLine(command)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true))
          .setExecutionExceptionHandler(Failures::execution)
          .setParameterExceptionHandler(Failures::parameters);

  @BeforeAll
  static void start() {
    assertThat(TestSpark.session().sparkContext().isStopped()).isFalse();
  }

  @Test
  void failedTrialsHaveTheirOwnExitCode() {
    assertThat(command.report(new CampaignOutcome("results", "table\n", 0), "trials")).isEqualTo(0);
    assertThat(err.toString()).isEmpty();
    assertThat(command.report(new CampaignOutcome("results", "table\n", 5), "trials")).isEqualTo(3);
    assertThat(err.toString()).startsWith("bitquake: 5 trials failed; see SELECT error");
    assertThat(out.toString()).isEqualTo("table\ntable\n");
  }

  @Test
  void wrongInputIsOneLine() {
    assertThat(line.execute("no-such.yaml")).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("bitquake: no-such.yaml: no such file\n");
  }

  @Test
  void optionsAreChecked() {
    assertThat(line.execute("x.yaml", "--output-mode", "append")).isEqualTo(2);
    assertThat(line.execute("x.yaml", "--partitions", "0")).isEqualTo(2);
    assertThat(line.execute()).isEqualTo(2);
    assertThat(err.toString()).contains("append").contains("--partitions").contains("CONFIG");
  }
}
