package org.bitquake.jobs.cli;

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
import org.bitquake.jobs.report.AtOnce;
import org.bitquake.jobs.report.DrawnFigures;
import org.bitquake.jobs.report.Report;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.TableStore;

/** The pictures of a result directory, drawn from its tables. */
final class Figures {
  private Figures() {}

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
  static List<Path> draw(SparkSession spark, List<String> directories, Report.Written written)
      throws IOException {
    List<Callable<List<Path>>> ofTables = new ArrayList<>();
    directories.forEach(d -> ofTables.add(() -> draw(spark, d)));
    return draw(spark, directories, flat(AtOnce.all(ofTables)), written);
  }

  private static List<Path> flat(List<List<Path>> lists) {
    return lists.stream().flatMap(List::stream).collect(Collectors.toCollection(ArrayList::new));
  }

  /**
   * Page and figures of a finished job, made unless they are there and of these very tables.
   *
   * @param drawn the figures that the job itself has drawn
   * @return a line for each figure of the job, and one for the page
   */
  static List<String> page(SparkSession spark, String directory, List<Path> drawn)
      throws IOException {
    List<String> lines = new ArrayList<>();
    drawn.forEach(figure -> lines.add(said("Figure", figure)));
    var hadoop = spark.sessionState().newHadoopConf();
    var page = current(hadoop, directory);
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
  static Optional<Report.Written> current(Configuration hadoop, String directory)
      throws IOException {
    var page = Report.current(hadoop, directory);
    return page.isPresent()
            && DrawnFigures.of(hadoop, directory, page.get().fingerprint()).isPresent()
        ? page
        : Optional.empty();
  }

  /** A line that says where something is. */
  static String said(String what, Path file) {
    return what + " " + Path.getPathWithoutSchemeAndAuthority(file);
  }
}
