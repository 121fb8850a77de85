package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.jobs.inspect.Inspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake inspect}: what a network file or a campaign's directory holds. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Shows a network's layers, codes, sparsity, accuracy without faults and origin, "
          + "or what a campaign's directory is, how far it is and what tables it has."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake inspect networks/standard.qnn.npz networks/AS.qnn.npz",
      "  bitquake inspect results/lenet5"
    })
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "Network files (.qnn.npz) or campaign directories.")
  private List<String> paths;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Where the data set's files lie, or images of your own (default: the Fashion-MNIST built"
              + " in).")
  private Optional<String> data;

  @Option(
      names = "--no-accuracy",
      description = "Do not run the network: no accuracy, no zero activations.")
  private boolean noAccuracy;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    var inspection = new Inspection(data, !noAccuracy, new Configuration());
    String separator = "";
    for (String path : paths) {
      out.print(separator);
      out.print(inspection.of(path));
      out.flush();
      separator = "\n";
    }
    return ExitCode.DONE;
  }
}
