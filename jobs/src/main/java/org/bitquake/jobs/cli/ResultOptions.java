package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.report.ReportRun;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of all commands that leave tables in a directory. */
final class ResultOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

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
          "If DIR holds another job's tables: error or overwrite (default: ${DEFAULT-VALUE}).")
  private OutputMode mode;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the data set's files lie (default: directory of CONFIG, or built in).")
  private Optional<String> data;

  @Option(names = "--partitions", hidden = true, description = "Tasks per wave, for tests.")
  private Optional<Integer> partitions;

  @Option(
      names = "--no-report",
      description = "Leave page and figures out; bitquake report DIR makes them.")
  private boolean noReport;

  /** What was asked for. */
  RunOptions get() {
    if (partitions.isPresent() && partitions.get() < 1) {
      throw new ParameterException(spec.commandLine(), "--partitions must be positive");
    }
    return new RunOptions(output, mode == OutputMode.OVERWRITE, data, partitions, !noReport);
  }

  /** Makes the page of a finished job, unless it is not wanted, and prints where everything is. */
  void page(SparkSession spark, String directory, List<Path> drawn) throws IOException {
    var out = spec.commandLine().getOut();
    if (!noReport) {
      ReportRun.keep(spark, directory, drawn).forEach(out::println);
    }
    out.flush();
  }
}
