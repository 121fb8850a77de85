package org.bitquake.jobs.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.figure.AccuracyFigure;
import org.bitquake.jobs.figure.CellPoint;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.LandscapeFigures;
import org.bitquake.jobs.figure.LandscapePoint;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.TableStore;

/**
 * Pages with all their figures as files. What is there already, of these very tables, is not made
 * again. Each gives the lines to say: one for each figure, and one for the page.
 */
public final class ReportRun {
  private ReportRun() {}

  /**
   * Draws accuracy against fault rate and loss landscapes, as far as there are tables of them.
   *
   * @return the files written
   */
  private static List<Path> draw(SparkSession spark, String directory) throws IOException {
    var store = new TableStore(directory, spark.sessionState().newHadoopConf());
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (store.tables().contains("cells")) {
      var points = CellPoint.from(store.readHere("cells"));
      if (!points.isEmpty()) {
        files.putAll(accuracy(spark, directory, points));
      }
    }
    if (store.tables().contains("landscape")) {
      var points = LandscapePoint.from(store.readHere("landscape"));
      files.putAll(LandscapeFigures.landscapes(points));
    }
    return files.isEmpty() ? List.of() : write(spark, directory, files);
  }

  private static Map<String, byte[]> accuracy(
      SparkSession spark, String directory, List<CellPoint> points) throws IOException {
    var results = Results.open(() -> spark, spark.sessionState().newHadoopConf(), directory);
    return AccuracyFigure.files(together(results, points), results.models());
  }

  /** Means of networks that differ in the seed of their training alone, where there are many. */
  private static List<CellPoint> together(Results results, List<CellPoint> points) {
    var networks = points.stream().map(CellPoint::network).distinct().toList();
    if (networks.size() <= Styles.MOST) {
      return points;
    }
    return results
        .ask("networks.sql", "networks")
        .flatMap(Styles::byMethod)
        .map(styles -> CellPoint.means(points, styles::name))
        .orElse(points);
  }

  /** Draws a figure of a page. */
  private static List<Path> draw(SparkSession spark, Report.FigureFile figure) throws IOException {
    return write(spark, figure.directory(), figure.sheet().files(figure.stem()));
  }

  private static List<Path> write(SparkSession spark, String directory, Map<String, byte[]> files)
      throws IOException {
    var folder = new Path(directory, ResultDirectory.FIGURES);
    FigureFiles.write(files, folder, spark.sessionState().newHadoopConf());
    List<Path> paths = new ArrayList<>();
    files.keySet().forEach(name -> paths.add(new Path(folder, name)));
    return paths;
  }

  /**
   * Draws the figures of a page.
   *
   * @param ofTables figures of its directories that are drawn already
   * @return all files, in the order of the page
   */
  private static List<Path> draw(
      SparkSession spark, List<String> directories, List<Path> ofTables, Report.Written written)
      throws IOException {
    Set<String> drawn = ofTables.stream().map(Path::getName).collect(Collectors.toSet());
    List<Callable<List<Path>>> ofPage = new ArrayList<>();
    written.figures().stream()
        .filter(figure -> !drawn.contains(figure.stem() + ".svg"))
        .forEach(figure -> ofPage.add(() -> draw(spark, figure)));
    List<Path> all = new ArrayList<>(ofTables);
    all.addAll(flat(AtOnce.all(ofPage)));
    if (directories.size() == 1) {
      var hadoop = spark.sessionState().newHadoopConf();
      DrawnFigures.remember(hadoop, directories.get(0), written.fingerprint(), all);
    }
    return all;
  }

  /** Draws all figures of a page. */
  private static List<Path> draw(
      SparkSession spark, List<String> directories, Report.Written written) throws IOException {
    List<Callable<List<Path>>> ofTables = new ArrayList<>();
    directories.forEach(d -> ofTables.add(() -> draw(spark, d)));
    return draw(spark, directories, flat(AtOnce.all(ofTables)), written);
  }

  private static List<Path> flat(List<List<Path>> lists) {
    return lists.stream().flatMap(List::stream).collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * Page and figures of a finished job. A file there that is no report stays.
   *
   * @param drawn the figures that the job itself has drawn
   */
  public static List<String> keep(SparkSession spark, String directory, List<Path> drawn)
      throws IOException {
    List<String> lines = new ArrayList<>();
    drawn.forEach(figure -> lines.add(said("Figure", figure)));
    var hadoop = spark.sessionState().newHadoopConf();
    var page = page(hadoop, directory);
    if (page.isEmpty()) {
      var own = drawn.isEmpty() ? Timings.phase("figures", () -> draw(spark, directory)) : drawn;
      if (drawn.isEmpty()) {
        own.forEach(figure -> lines.add(said("Figure", figure)));
      }
      page = Timings.phase("page", () -> Report.keep(spark, directory));
      if (page.isPresent()) {
        var written = page.get();
        Timings.run("its figures", () -> draw(spark, List.of(directory), own, written));
      }
    }
    page.ifPresent(written -> lines.add(said("Report", written.page())));
    return lines;
  }

  /** The page of a directory, if page and figures are there and of these very tables. */
  private static Optional<Report.Written> page(Configuration hadoop, String directory)
      throws IOException {
    var page = Report.current(hadoop, directory);
    return page.isPresent()
            && DrawnFigures.of(hadoop, directory, page.get().fingerprint()).isPresent()
        ? page
        : Optional.empty();
  }

  /** Page and figures of a directory, if all are there and of these very tables: without Spark. */
  public static Optional<List<String>> current(Configuration hadoop, String directory)
      throws IOException {
    var page = Timings.phase("page", () -> page(hadoop, directory));
    if (page.isEmpty()) {
      return Optional.empty();
    }
    var figures = DrawnFigures.of(hadoop, directory, page.get().fingerprint()).orElseThrow();
    return Optional.of(lines(figures, page.get()));
  }

  /**
   * Page and figures of directories, made anew.
   *
   * @param directories at least one, in the order of the page
   * @param output a file; otherwise {@code report.html} in the only directory, or beside the first
   * @param overwrite whether to replace a file there that is no report
   * @throws org.bitquake.InputException if a directory has no tables, or the file there is not
   *     bitquake's
   */
  public static List<String> write(
      SparkSession spark, List<String> directories, Optional<String> output, boolean overwrite)
      throws IOException {
    var page = Timings.phase("page", () -> Report.write(spark, directories, output, overwrite));
    return lines(Timings.phase("figures", () -> draw(spark, directories, page)), page);
  }

  private static List<String> lines(List<Path> figures, Report.Written page) {
    List<String> lines = new ArrayList<>();
    figures.forEach(figure -> lines.add(said("Figure", figure)));
    lines.add(said("Report", page.page()));
    return lines;
  }

  /** A line that says where something is. */
  private static String said(String what, Path file) {
    return what + " " + Path.getPathWithoutSchemeAndAuthority(file);
  }
}
