package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake verify}: audits a result directory. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Audits a result directory and changes nothing: manifests, hashes, rows and columns of every "
          + "file; every planned row once; the values' ranges; and a sample of trials or single faults run "
          + "again with the reference engine. Exit code 0 if it is sound, 4 with a line for each finding otherwise."
    },
    footerHeading = "%nExample:%n",
    footer = "  bitquake verify results/lenet5 --replay 100")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Result directory: a local or Hadoop path.")
  private String directory;

  @Option(
      names = "--replay",
      defaultValue = "20",
      paramLabel = "N",
      description = "Trials or single faults to run again (default: ${DEFAULT-VALUE}).")
  private int replay;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "SEED",
      description = "Which ones (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Where the images lie (default: the Fashion-MNIST built in, or where the configuration"
              + " says).")
  private Optional<String> data;

  @Option(
      names = "--chips",
      paramLabel = "FOLDER",
      description =
          "Where the files of measured chips and hardened cells lie (default: where the"
              + " configuration says).")
  private Optional<String> chips;

  @Override
  public Integer call() throws IOException {
    if (replay < 0) {
      throw new ParameterException(spec.commandLine(), "--replay must not be negative");
    }
    var files = new Replay.Files(Optional.empty(), data, chips);
    var options = new Verification.Options(replay, seed, files);
    var found = Verification.run(SparkStart.session("verify"), directory, options);
    var out = spec.commandLine().getOut();
    found.summary().forEach(out::println);
    if (found.findings().isEmpty()) {
      out.println("sound");
      return ExitCode.DONE;
    }
    out.flush();
    found.findings().forEach(line -> spec.commandLine().getErr().println("bitquake: " + line));
    return ExitCode.UNSOUND;
  }
}
