package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.bitquake.jobs.cnvlutin.CnvlutinRun;
import org.bitquake.jobs.session.SparkStart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake cnvlutin}: cycles of an accelerator that skips zeros, into tables. */
@Command(
    name = "cnvlutin",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Simulates networks on the Cnvlutin accelerator (ISCA 2016), which skips activations that are 0, "
          + "and on its baseline DaDianNao, with and without memory faults.",
      "Run again after a kill, it goes on where it was; finished, it prints its table again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake cnvlutin conf/cnvlutin-lenet5.yaml",
      "  bitquake cnvlutin conf/cnvlutin-lenet5.yaml --output hdfs:///results/cnvlutin",
      "  bitquake cnvlutin conf/cnvlutin-resnet18.yaml --network model.qnn.npz"
    })
final class CnvlutinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The simulation, a YAML file.")
  private String config;

  @Mixin private ResultOptions options;

  @Mixin private NetworkOptions networks;

  @Override
  public Integer call() throws IOException {
    var asked = options.get().with(networks.get());
    var spark = SparkStart.session("cnvlutin");
    var outcome = CnvlutinRun.run(spark, config, asked);
    spec.commandLine().getOut().print(outcome.report());
    options.page(spark, outcome.directory(), outcome.figures());
    return ExitCode.DONE;
  }
}
