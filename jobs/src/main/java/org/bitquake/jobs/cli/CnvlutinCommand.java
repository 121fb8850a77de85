package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.bitquake.jobs.cnvlutin.CnvlutinRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake cnvlutin}: cycles of an accelerator that skips zeros, into tables. */
@Command(
    name = "cnvlutin",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Simulates networks on the Cnvlutin accelerator (ISCA 2016), which skips activations that are 0,",
      "and on its baseline DaDianNao, with and without memory faults.",
      "Run again after a kill, it goes on where it was; finished, it prints its table again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake cnvlutin conf/cnvlutin-lenet5.yaml",
      "  bitquake cnvlutin conf/cnvlutin-lenet5.yaml --output hdfs:///results/cnvlutin"
    })
final class CnvlutinCommand implements Callable<Integer> {
  private enum OutputMode {
    ERROR,
    OVERWRITE
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The simulation, a YAML file.")
  private String config;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where the tables go, a local or Hadoop path (default: output of CONFIG).")
  private Optional<String> output;

  @Option(
      names = "--output-mode",
      defaultValue = "error",
      paramLabel = "MODE",
      description =
          "If DIR holds another simulation: error or overwrite (default: ${DEFAULT-VALUE}).")
  private OutputMode mode;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set's files lie (default: directory of CONFIG, or built in).")
  private Optional<String> data;

  @Option(names = "--partitions", hidden = true, description = "Tasks per wave, for tests.")
  private Optional<Integer> partitions;

  @Override
  public Integer call() throws IOException {
    if (partitions.isPresent() && partitions.get() < 1) {
      throw new ParameterException(spec.commandLine(), "--partitions must be positive");
    }
    var options = new CnvlutinRun.Options(output, mode == OutputMode.OVERWRITE, data, partitions);
    var outcome = CnvlutinRun.run(Sessions.open("cnvlutin"), config, options);
    var out = spec.commandLine().getOut();
    out.print(outcome.report());
    for (var figure : outcome.figures()) {
      out.println("Figure " + Path.getPathWithoutSchemeAndAuthority(figure));
    }
    out.flush();
    return ExitCode.DONE;
  }
}
