package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake report}: draws what a campaign found. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Draws accuracy against fault rate from the cells table of a result directory:",
      "DIR/figures/accuracy.svg and DIR/figures/accuracy.png, a panel per fault kind,",
      "a line per network with its confidence interval shaded."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake report results/lenet5")
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Result directory: a local or Hadoop path.")
  private String directory;

  @Override
  public Integer call() throws IOException {
    for (Path figure : Figures.draw(Sessions.open("report"), directory)) {
      spec.commandLine().getOut().println(figure);
    }
    return ExitCode.DONE;
  }
}
