package org.bitquake.jobs.landscape;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.LandscapeFigures;
import org.bitquake.jobs.figure.LandscapePoint;
import org.bitquake.jobs.store.ResultDirectory;

/** Loss landscapes from their configuration file to their report and figures. */
public final class LandscapeRun {
  private LandscapeRun() {}

  /**
   * What the command line adds to the configuration file.
   *
   * @param output directory of the tables, instead of the file's
   * @param overwrite true to replace other landscapes there
   * @param data directory of the data set, instead of the file's
   * @param campaign result directory of a fault campaign to compare sharpness with
   * @param partitions tasks per wave, instead of three for each core; does not change the rows
   */
  public record Options(
      Optional<String> output,
      boolean overwrite,
      Optional<String> data,
      Optional<String> campaign,
      Optional<Integer> partitions) {}

  /**
   * What came of it.
   *
   * @param directory of the tables
   * @param report for people
   * @param figures the files drawn
   */
  public record Outcome(String directory, String report, List<Path> figures) {}

  /**
   * Computes what is missing; nothing if the tables are complete. The figures are drawn anew.
   *
   * @throws org.bitquake.InputException before the first point, if anything the user gave is wrong
   */
  public static Outcome run(SparkSession spark, String configFile, Options options)
      throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, LandscapeConfig.class);
    var landscape = Landscape.load(document, options.data(), hadoop);
    Optional<FaultLosses> faults =
        options.campaign().map(d -> FaultLosses.read(spark, d, landscape, document, hadoop));
    var store =
        ResultDirectory.open(
            options.output().orElse(landscape.config().output()),
            "landscape",
            landscape.config().name(),
            landscape.identity(),
            options.overwrite(),
            hadoop);
    int partitions =
        options.partitions().orElseGet(() -> 3 * spark.sparkContext().defaultParallelism());
    new LandscapeJob(spark, landscape, store, partitions).run();
    List<Row> points = store.read(spark, "landscape").collectAsList();
    List<Row> sharpness = store.read(spark, "sharpness").collectAsList();
    var report =
        new StringBuilder(
            new LandscapeReport(landscape, sharpness, points.size(), place(store.root())).text());
    Map<String, byte[]> files =
        new LinkedHashMap<>(LandscapeFigures.landscapes(LandscapePoint.from(points)));
    if (faults.isPresent()) {
      var comparison = new FaultComparison(faults.get(), sharpness);
      report.append('\n').append(comparison.text());
      files.putAll(comparison.figure());
    }
    var folder = new Path(store.root(), "figures");
    FigureFiles.write(files, folder, hadoop);
    List<Path> figures = new ArrayList<>();
    files.keySet().forEach(name -> figures.add(new Path(folder, name)));
    return new Outcome(store.root().toString(), report.toString(), figures);
  }

  private static String place(Path root) {
    return "file".equals(root.toUri().getScheme()) ? root.toUri().getPath() : root.toString();
  }
}
