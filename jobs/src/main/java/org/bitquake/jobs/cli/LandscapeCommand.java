package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bitquake.jobs.landscape.LandscapeRun;
import org.bitquake.jobs.session.SparkStart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code bitquake landscape}: losses around the weights of networks, and how sharp their minima.
 */
@Command(
    name = "landscape",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Computes loss landscapes and sharpness of networks, into tables and figures.",
      "Run again after a kill, it goes on where it was; finished, it prints its table again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake landscape conf/landscape-lenet5.yaml",
      "  bitquake landscape conf/landscape-lenet5.yaml --campaign results/lenet5"
    })
final class LandscapeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONFIG", description = "The landscapes, a YAML file.")
  private String config;

  @Mixin private ResultOptions options;

  @Mixin private NetworkOptions networks;

  @Option(
      names = "--campaign",
      paramLabel = "DIR",
      description =
          "Result directory of a fault campaign over the same networks: compares"
              + " sharpness with the accuracy that faults cost.")
  private Optional<String> campaign;

  @Override
  public Integer call() throws IOException {
    var asked = options.get().with(networks.get());
    var spark = SparkStart.session("landscape");
    var outcome = LandscapeRun.run(spark, config, asked, campaign);
    spec.commandLine().getOut().print(outcome.report());
    options.page(spark, outcome.directory(), outcome.figures());
    return ExitCode.DONE;
  }
}
