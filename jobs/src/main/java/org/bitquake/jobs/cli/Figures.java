package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.InputException;
import org.bitquake.jobs.figure.AccuracyFigure;
import org.bitquake.jobs.figure.CellPoint;
import org.bitquake.jobs.sql.SqlSession;
import org.bitquake.jobs.store.ResultDirectory;

/** The figures of a result directory, drawn from its tables. */
final class Figures {
  private Figures() {}

  /** Draws what is not there yet; a campaign whose every trial failed has nothing to draw. */
  static List<Path> drawMissing(SparkSession spark, String directory) throws IOException {
    var png = new Path(new Path(directory, ResultDirectory.FIGURES), AccuracyFigure.PNG);
    var fs = png.getFileSystem(spark.sessionState().newHadoopConf());
    boolean anything =
        !SqlSession.open(spark, directory)
            .query("SELECT 1 FROM cells WHERE accuracy IS NOT NULL LIMIT 1")
            .isEmpty();
    return anything && !fs.exists(png) ? draw(spark, directory) : List.of();
  }

  /**
   * Draws accuracy against fault rate.
   *
   * @return the files written
   * @throws InputException if there is nothing to draw yet
   */
  static List<Path> draw(SparkSession spark, String directory) throws IOException {
    var session = SqlSession.open(spark, directory);
    if (!session.tables().contains("cells")) {
      throw new InputException(
          "%s: no cells table yet; run the campaign to its end".formatted(directory));
    }
    var points = CellPoint.from(session.query("SELECT * FROM cells").collectAsList());
    if (points.isEmpty()) {
      throw new InputException("%s: no cell has an accuracy yet".formatted(directory));
    }
    var folder = new Path(directory, ResultDirectory.FIGURES);
    AccuracyFigure.write(points, folder, spark.sessionState().newHadoopConf());
    return List.of(new Path(folder, AccuracyFigure.SVG), new Path(folder, AccuracyFigure.PNG));
  }
}
