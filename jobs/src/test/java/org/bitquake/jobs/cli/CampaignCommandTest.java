package org.bitquake.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.bitquake.Text;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.campaign.SmallWorld;
import org.bitquake.jobs.injection.CampaignOutcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CampaignCommandTest {
  @TempDir Path temp;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "faults: {kinds: [bit-flip], rates: [0.01]}\ntrials: {perCell: 2}",
        "faults: {kind: single-bit-flip, margin: 0.4}"
      })
  void withoutAReportThereAreTablesAndNothingElse(String faults) {
    var world = SmallWorld.create(temp);
    String config =
        world.config(
            Text.of(
                """
                name: tiny
                networks: [a.qnn.npz]
                data: {name: fashion-mnist, directory: data}
                %s
                images: 5
                output: unused
                """,
                faults));
    Path output = temp.resolve("results");

    assertThat(line.execute(config, "--output", output.toString(), "--no-report")).isZero();

    assertThat(output.resolve("_manifests")).isNotEmptyDirectory();
    assertThat(output.resolve("figures")).doesNotExist();
    assertThat(output.resolve("report.html")).doesNotExist();
    assertThat(out.toString()).contains(output.toString()).doesNotContain("Figure ", "Report ");
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
