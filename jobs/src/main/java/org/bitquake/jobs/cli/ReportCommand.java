package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.bitquake.jobs.report.ReportRun;
import org.bitquake.jobs.session.SparkStart;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bitquake report}: one page of what jobs found. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = {
      "Writes what result directories hold as one page of HTML that needs no network: figures with "
          + "values to point at, tables to sort, the SQL behind each, and where it all comes from.",
      "One directory's page is DIR/report.html, that of several is beside the first.",
      "Draws the figures of each directory as files too, in DIR/figures, SVG and PNG."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bitquake report results/lenet5",
      "  bitquake report results/lenet5 results/landscape-lenet5 --output all.html"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Result directories: local or Hadoop paths.")
  private List<String> directories;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where the page goes, a local or Hadoop path.")
  private Optional<String> output;

  @Option(names = "--overwrite", description = "Replace FILE even if it is no report of bitquake.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    var out = spec.commandLine().getOut();
    if (directories.size() == 1 && output.isEmpty()) { // it may be there: no need for Spark then
      var hadoop = SparkHadoopUtil.get().newConfiguration(new SparkConf());
      var lines = ReportRun.current(hadoop, directories.get(0));
      if (lines.isPresent()) {
        lines.get().forEach(out::println);
        return ExitCode.DONE;
      }
    }
    var spark = SparkStart.session("report");
    ReportRun.write(spark, directories, output, overwrite).forEach(out::println);
    return ExitCode.DONE;
  }
}
