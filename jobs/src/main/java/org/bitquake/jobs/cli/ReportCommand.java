package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.jobs.figure.AccuracyFigure;
import org.bitquake.jobs.figure.CellPoint;
import org.bitquake.jobs.sql.SqlSession;
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
  private static final String FIGURES = "figures";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Result directory: a local or Hadoop path.")
  private String directory;

  @Override
  public Integer call() throws IOException {
    SparkSession spark = Sessions.open("report");
    var session = SqlSession.open(spark, directory);
    if (!session.tables().contains("cells")) {
      throw new InputException(
          "%s: no cells table yet; run the campaign to its end".formatted(directory));
    }
    var points = CellPoint.from(session.query("SELECT * FROM cells").collectAsList());
    if (points.isEmpty()) {
      throw new InputException("%s: no cell has an accuracy yet".formatted(directory));
    }
    var figures = new Path(directory, FIGURES);
    AccuracyFigure.write(points, figures, spark.sessionState().newHadoopConf());
    for (String name : List.of(AccuracyFigure.SVG, AccuracyFigure.PNG)) {
      spec.commandLine().getOut().println(new Path(figures, name));
    }
    return ExitCode.DONE;
  }
}
