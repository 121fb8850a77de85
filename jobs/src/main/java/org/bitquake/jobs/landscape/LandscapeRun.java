package org.bitquake.jobs.landscape;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.config.LandscapeConfig;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.LandscapeFigures;
import org.bitquake.jobs.figure.LandscapePoint;
import org.bitquake.jobs.store.Origin;
import org.bitquake.jobs.store.ResultDirectory;
import org.bitquake.jobs.store.SmallTables;

/** Loss landscapes from their configuration file to their report and figures. */
public final class LandscapeRun {
  private LandscapeRun() {}

  /**
   * What came of it.
   *
   * @param directory of the tables
   * @param report for people
   * @param figures the files drawn
   */
  public record Outcome(String directory, String report, List<Path> figures) {}

  /**
   * Computes what is missing; nothing if the tables are complete. The figures are drawn anew, if
   * any are wanted.
   *
   * @param campaign result directory of a fault campaign to compare sharpness with
   * @throws org.bitquake.InputException before the first point, if anything the user gave is wrong
   */
  public static Outcome run(
      SparkSession spark, String configFile, RunOptions options, Optional<String> campaign)
      throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, LandscapeConfig.class);
    var landscape = Landscape.load(document, options.inputs(), hadoop);
    Optional<FaultLosses> faults =
        campaign.map(d -> FaultLosses.read(d, landscape, document, hadoop));
    try (var store =
        ResultDirectory.open(
            options.output().orElse(landscape.config().output()),
            "landscape",
            landscape.config().name(),
            landscape.identity(),
            Origin.now(
                configFile,
                document.text(),
                options.inputs().data(),
                options.inputs().networks(),
                spark.version()),
            options.overwrite(),
            hadoop)) {
      new LandscapeJob(spark, landscape, store, options.partitionsIn(spark)).run();
      List<Row> points = SmallTables.collect(spark, store, "landscape");
      List<Row> sharpness = SmallTables.collect(spark, store, "sharpness");
      var report =
          new StringBuilder(
              new LandscapeReport(landscape, sharpness, points.size(), store.place()).text());
      var comparison = faults.map(losses -> new FaultComparison(losses, sharpness));
      comparison.ifPresent(c -> report.append('\n').append(c.text()));
      var figures =
          options.report() ? draw(points, comparison, store.root(), hadoop) : List.<Path>of();
      return new Outcome(store.root().toString(), report.toString(), figures);
    }
  }

  private static List<Path> draw(
      List<Row> points, Optional<FaultComparison> comparison, Path root, Configuration hadoop)
      throws IOException {
    Map<String, byte[]> files =
        new LinkedHashMap<>(LandscapeFigures.landscapes(LandscapePoint.from(points)));
    if (comparison.isPresent()) {
      files.putAll(comparison.get().figure());
    }
    var folder = new Path(root, ResultDirectory.FIGURES);
    FigureFiles.write(files, folder, hadoop);
    return files.keySet().stream().map(name -> new Path(folder, name)).toList();
  }
}
