package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.jobs.replay.FaultFile;
import org.bitquake.jobs.replay.Replay;
import org.bitquake.jobs.replay.ReplayTable;
import org.bitquake.jobs.replay.ReplayText;
import org.bitquake.jobs.replay.TrialSubject;
import org.bitquake.jobs.session.SparkStart;
import org.bitquake.jobs.store.TableStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code bitquake replay}: one row of the table {@code trials} or {@code single_faults} again, and
 * its faults.
 */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Runs one trial or one single fault of a campaign again, alone, from its row in the table "
          + "trials or single_faults, with the fastest engine and with the reference engine; compares the "
          + "results, lists the faults. Exit code 1 if anything differs from the table. What need not be "
          + "said to tell the row from all others may be left out."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake replay --results results/lenet5 --network lenet5-as --kind bit-flip \\",
      "    --rate 0.05 --trial 17 --faults-output faults.parquet",
      "  bitquake replay --results results/single-fault-lenet5 \\",
      "    --network lenet5-standard --layer conv1 --filter 1 --index 2 --bit 1 --all"
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

  @Option(names = "--network", paramLabel = "NAME", description = "Network of the row.")
  private Optional<String> network;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "Fault kind: bit-flip, stuck-at-0, stuck-at-1, or the name of a campaign's fault model; of"
              + " single faults also single-….")
  private Optional<String> kind;

  @Option(names = "--rate", paramLabel = "RATE", description = "Of a trial: fault rate, 0 to 1.")
  private Optional<Double> rate;

  @Option(names = "--trial", paramLabel = "NUMBER", description = "Of a trial: number, from 0.")
  private Optional<Long> trial;

  @Option(names = "--layer", paramLabel = "NAME", description = "Of a single fault: weight layer.")
  private Optional<String> layer;

  @Option(
      names = "--filter",
      paramLabel = "NUMBER",
      description = "Of a single fault: output channel of the weight, from 0.")
  private Optional<Integer> filter;

  @Option(
      names = "--index",
      paramLabel = "NUMBER",
      description = "Of a single fault: position of the weight in its filter, from 0.")
  private Optional<Integer> index;

  @Option(
      names = "--bit",
      paramLabel = "NUMBER",
      description = "Of a single fault: faulty memory cell of the weight, 0 the lowest.")
  private Optional<Integer> bit;

  @Option(
      names = "--fault",
      paramLabel = "NUMBER",
      description = "Of a single fault: its number in its network's draw, instead of its place.")
  private Optional<Long> fault;

  @Option(
      names = "--network-file",
      paramLabel = "FILE",
      description = "The network (default: the file in the table networks).")
  private Optional<String> networkFile;

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

  @Option(
      names = "--faults-output",
      paramLabel = "FILE",
      description = "Writes all faults of a trial to this Parquet file, which must not exist.")
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
    SparkSession spark = SparkStart.session("replay");
    var hadoop = spark.sessionState().newHadoopConf();
    var store = new TableStore(results, hadoop);
    if (faultsOutput.isPresent() && ReplayTable.of(store) == ReplayTable.SINGLE_FAULTS) {
      throw new InputException(
          Text.of("--faults-output: %s holds single faults, and each row is its fault", results));
    }
    var output = faultsOutput.map(file -> new FaultFile(file, hadoop)); // complains before the work
    var files = new Replay.Files(networkFile, data, chips);
    var replay = Replay.run(spark, store, wanted(), files);
    if (replay.subject() instanceof TrialSubject its) {
      output.ifPresent(file -> file.write(its.recorded(), replay.faults()));
    }
    print(replay, new ReplayText(replay, all), output);
    return code(replay);
  }

  /** What the user says about the row. */
  private Map<String, Object> wanted() {
    var wanted = new LinkedHashMap<String, Object>();
    network.ifPresent(value -> wanted.put("network", value));
    kind.ifPresent(value -> wanted.put("kind", value));
    rate.ifPresent(value -> wanted.put("rate", value));
    trial.ifPresent(value -> wanted.put("trial", value));
    layer.ifPresent(value -> wanted.put("layer", value));
    filter.ifPresent(value -> wanted.put("filter", value));
    index.ifPresent(value -> wanted.put("index", value));
    bit.ifPresent(value -> wanted.put("bit", value));
    fault.ifPresent(value -> wanted.put("fault", value));
    return wanted;
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
