package org.bitquake.jobs.cli;

import java.util.concurrent.Callable;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.store.StopFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake stop}: asks a run to end after its running waves. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Asks the run that writes to DIR to end after its running waves, with exit code 5; the file "
          + "DIR/_stop does the same. Its command goes on from there when run again."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake stop results/lenet5")
final class StopCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Result directory: a local or Hadoop path.")
  private String directory;

  @Override
  public Integer call() {
    var hadoop = SparkStart.session("stop").sessionState().newHadoopConf();
    String who = StopFile.ask(directory, hadoop);
    spec.commandLine().getOut().println("Asked to stop after its running waves: " + who);
    return ExitCode.DONE;
  }
}
