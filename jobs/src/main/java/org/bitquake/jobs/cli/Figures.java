package org.bitquake.jobs.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.figure.AccuracyFigure;
import org.bitquake.jobs.figure.CellPoint;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.LandscapeFigures;
import org.bitquake.jobs.figure.LandscapePoint;
import org.bitquake.jobs.report.Report;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.TableStore;

/** The pictures of a result directory, drawn from its tables. */
final class Figures {
  private Figures() {}

  /** Draws what is not there yet; a campaign whose every trial failed has nothing to draw. */
  static List<Path> drawMissing(SparkSession spark, String directory) throws IOException {
    var png = new Path(new Path(directory, ResultDirectory.FIGURES), AccuracyFigure.PNG);
    var fs = png.getFileSystem(spark.sessionState().newHadoopConf());
    return fs.exists(png) ? List.of() : draw(spark, directory);
  }

  /**
   * Draws accuracy against fault rate and loss landscapes, as far as there are tables of them.
   *
   * @return the files written
   */
  static List<Path> draw(SparkSession spark, String directory) throws IOException {
    var store = new TableStore(directory, spark.sessionState().newHadoopConf());
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (store.tables().contains("cells")) {
      var points = CellPoint.from(store.readHere("cells"));
      files.putAll(points.isEmpty() ? Map.of() : AccuracyFigure.files(points));
    }
    if (store.tables().contains("landscape")) {
      var points = LandscapePoint.from(store.readHere("landscape"));
      files.putAll(LandscapeFigures.landscapes(points));
    }
    return files.isEmpty() ? List.of() : write(spark, directory, files);
  }

  /** Draws a figure of a page. */
  static List<Path> draw(SparkSession spark, Report.FigureFile figure) throws IOException {
    return write(spark, figure.directory(), figure.sheet().files(figure.stem()));
  }

  /** A line that says where a figure is. */
  static String said(Path figure) {
    return "Figure " + Path.getPathWithoutSchemeAndAuthority(figure);
  }

  private static List<Path> write(SparkSession spark, String directory, Map<String, byte[]> files)
      throws IOException {
    var folder = new Path(directory, ResultDirectory.FIGURES);
    FigureFiles.write(files, folder, spark.sessionState().newHadoopConf());
    List<Path> paths = new ArrayList<>();
    files.keySet().forEach(name -> paths.add(new Path(folder, name)));
    return paths;
  }

  /** The page of a finished job, for its last line: {@code Report DIR/report.html}. */
  static Optional<String> page(SparkSession spark, String directory) throws IOException {
    return Report.keep(spark, directory)
        .map(page -> "Report " + Path.getPathWithoutSchemeAndAuthority(page));
  }
}
