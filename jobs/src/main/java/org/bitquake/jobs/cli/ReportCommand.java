package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.report.AtOnce;
import org.bitquake.jobs.report.Report;
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
      "Writes what result directories hold as one page of HTML that needs no network: figures with",
      "values to point at, tables to sort, the SQL behind each, and where it all comes from.",
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
    var spark = Sessions.open("report");
    var written = Timings.phase("page", () -> Report.write(spark, directories, output, overwrite));
    var out = spec.commandLine().getOut();
    Timings.phase("figures", () -> draw(spark, written)).forEach(f -> out.println("Figure " + f));
    out.println("Report " + Path.getPathWithoutSchemeAndAuthority(written.page()));
    return ExitCode.DONE;
  }

  private List<Path> draw(SparkSession spark, Report.Written written) throws IOException {
    List<Callable<List<Path>>> ofTables = new ArrayList<>();
    directories.forEach(d -> ofTables.add(() -> Figures.draw(spark, d)));
    List<Path> figures = flat(AtOnce.all(ofTables));
    Set<String> drawn = figures.stream().map(Path::getName).collect(Collectors.toSet());
    List<Callable<List<Path>>> ofPage = new ArrayList<>();
    written.figures().stream()
        .filter(figure -> !drawn.contains(figure.stem() + ".svg"))
        .forEach(figure -> ofPage.add(() -> Figures.draw(spark, figure)));
    figures.addAll(flat(AtOnce.all(ofPage)));
    return figures.stream().map(Path::getPathWithoutSchemeAndAuthority).toList();
  }

  private static List<Path> flat(List<List<Path>> lists) {
    return lists.stream().flatMap(List::stream).collect(Collectors.toCollection(ArrayList::new));
  }
}
