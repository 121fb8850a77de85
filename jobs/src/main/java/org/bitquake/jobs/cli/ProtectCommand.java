package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.bitquake.jobs.protect.ProtectRun;
import org.bitquake.jobs.session.SparkStart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake protect}: the cheapest protection that keeps a network's accuracy. */
@Command(
    name = "protect",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Finds the cheapest protection of a memory that keeps each network's accuracy: how codes are"
          + " stored, which cells are hardened, what has check bits.",
      "Run again after a kill, it goes on where it was; finished, it prints its table again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake protect conf/protect-lenet5.yaml",
      "  bitquake protect conf/protect-lenet5.yaml --network mine=model.qnn.npz"
    })
final class ProtectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The search, a YAML file.")
  private String config;

  @Mixin private ResultOptions options;

  @Mixin private NetworkOptions networks;

  @Override
  public Integer call() throws IOException {
    var asked = options.get().with(networks.get());
    var spark = SparkStart.session("protect");
    var outcome = ProtectRun.run(spark, config, asked);
    spec.commandLine().getOut().print(outcome.report());
    spec.commandLine().getOut().flush();
    options.page(spark, outcome.directory(), List.of());
    return outcome.unreached() == 0 ? ExitCode.DONE : ExitCode.UNREACHED;
  }
}
