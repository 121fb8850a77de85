package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.replay.FaultFile;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.replay.TrialFinder.Wanted;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bitquake replay}: one row of the table {@code trials} again, and its faults. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs one trial of a campaign again, alone, from its row in the table trials, with the",
      "fastest engine and with the reference engine; compares the results, lists the faults.",
      "Exit code 1 if anything differs from the table."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  bitquake replay --results results/lenet5 --network lenet5-as --kind bit-flip \\",
      "    --rate 0.05 --trial 17 --faults-output faults.parquet"
    })
final class ReplayCommand implements Callable<Integer> {
  private enum Format {
    TABLE,
    CSV;

    /** As people type it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = {"-r", "--results"},
      required = true,
      paramLabel = "DIR",
      description = "Result directory of a campaign: a local or Hadoop path.")
  private String results;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "Network of the trial; may be left out, as --kind and --rate, if there is one.")
  private Optional<String> network;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Fault kind: bit-flip, stuck-at-0 or stuck-at-1.")
  private Optional<String> kind;

  @Option(names = "--rate", paramLabel = "RATE", description = "Fault rate, 0 to 1.")
  private Optional<Double> rate;

  @Option(
      names = "--trial",
      required = true,
      paramLabel = "NUMBER",
      description = "Trial number, from 0.")
  private long trial;

  @Option(
      names = "--network-file",
      paramLabel = "FILE",
      description = "The network (default: the file in the table networks).")
  private Optional<String> networkFile;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set's files lie (default: the Fashion-MNIST built in).")
  private Optional<String> data;

  @Option(
      names = "--faults-output",
      paramLabel = "FILE",
      description = "Writes all faults to this Parquet file, which must not exist.")
  private Optional<String> faultsOutput;

  @Option(
      names = "--format",
      defaultValue = "table",
      paramLabel = "FORMAT",
      description =
          "table, or csv: all faults and nothing else on standard output (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(names = "--all", description = "Show every fault and the numbers of changed images.")
  private boolean all;

  @Override
  public Integer call() throws IOException {
    if (trial < 0 || rate.filter(r -> !(r >= 0 && r <= 1)).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "--trial must not be negative, --rate must be 0 to 1");
    }
    SparkSession spark = Sessions.open("replay");
    var hadoop = spark.sessionState().newHadoopConf();
    var output = faultsOutput.map(file -> new FaultFile(file, hadoop)); // complains before the work
    var replay =
        Replay.run(
            spark,
            results,
            new Wanted(network, kind, rate, trial),
            new Replay.Files(networkFile, data));
    output.ifPresent(file -> file.write(replay.trial(), replay.faults()));
    print(replay, new ReplayText(replay, all), output);
    return code(replay);
  }

  private void print(Replay replay, ReplayText text, Optional<FaultFile> output) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean same = replay.differences().isEmpty();
    boolean forPeople = format == Format.TABLE;
    if (forPeople) {
      out.print(text.summary());
      text.verdict().stream().filter(line -> same).forEach(out::println);
      out.println();
      out.print(text.table());
      output.ifPresent(file -> out.println("All faults: " + file.path()));
    } else {
      text.csv().forEach(out::print);
    }
    out.flush();
    if (!replay.dataVerified()) {
      err.println("bitquake: the campaign is not finished, so its images could not be verified");
    }
    if (!same) {
      text.verdict().forEach(line -> err.println("bitquake: " + line));
      err.println("bitquake: the table is damaged, or this is a bug; please report it");
    } else if (!forPeople) {
      text.verdict().forEach(err::println);
    }
  }

  private static int code(Replay replay) {
    if (!replay.differences().isEmpty()) {
      return ExitCode.AMISS;
    }
    return replay.error().isPresent() ? ExitCode.FAILED_TRIALS : ExitCode.DONE;
  }
}
