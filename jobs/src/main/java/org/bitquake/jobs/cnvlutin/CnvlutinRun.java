package org.bitquake.jobs.cnvlutin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.jobs.config.CnvlutinConfig;
import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.SpeedUp;
import org.bitquake.jobs.figure.SpeedUpFigure;
import org.bitquake.jobs.store.Origin;
import org.bitquake.jobs.store.ResultDirectory;

/** A simulation from its configuration file to its report. */
public final class CnvlutinRun {
  private CnvlutinRun() {}

  /**
   * What came of it.
   *
   * @param directory of the tables
   * @param report for people
   * @param figures drawn by this run; none if they were there
   */
  public record Outcome(String directory, String report, List<Path> figures) {}

  /**
   * Runs what is missing of a simulation; nothing if its tables are complete.
   *
   * @throws org.bitquake.InputException before the first image, if anything the user gave is wrong
   */
  public static Outcome run(SparkSession spark, String configFile, RunOptions options)
      throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, CnvlutinConfig.class);
    var simulation = SimulationLoader.load(document, options.inputs(), hadoop);
    try (var store =
        ResultDirectory.open(
            options.output().orElse(document.value().output()),
            "cnvlutin",
            simulation.name(),
            simulation.identity(),
            Origin.now(
                configFile,
                document.text(),
                options.inputs().data(),
                options.inputs().networks(),
                spark.version()),
            options.overwrite(),
            hadoop)) {
      var job = new CnvlutinJob(spark, simulation, store, options.partitionsIn(spark));
      job.run();
      var layers = job.layers();
      var report = new CnvlutinReport(simulation, layers, store.place());
      var figures = options.report() ? drawMissing(layers, store.root(), hadoop) : List.<Path>of();
      return new Outcome(store.root().toString(), report.text(), figures);
    }
  }

  private static List<Path> drawMissing(List<Row> layers, Path root, Configuration hadoop)
      throws IOException {
    var folder = new Path(root, ResultDirectory.FIGURES);
    var png = new Path(folder, SpeedUpFigure.PNG);
    if (png.getFileSystem(hadoop).exists(png)) {
      return List.of();
    }
    FigureFiles.write(SpeedUpFigure.files(bars(layers)), folder, hadoop);
    return List.of(new Path(folder, SpeedUpFigure.SVG), png);
  }

  /** The speed-ups without faults: of each layer in order, then of all. */
  private static List<SpeedUp> bars(List<Row> layers) {
    List<SpeedUp> bars = new ArrayList<>();
    Map<String, LayerCounts> whole = new TreeMap<>();
    layers.stream()
        .filter(row -> row.getAs("kind") == null)
        .sorted(Comparator.comparing(row -> row.<Integer>getAs("position")))
        .forEach(
            row -> {
              String network = row.getAs("network");
              bars.add(new SpeedUp(network, row.getAs("layer"), row.<Double>getAs("speed_up")));
              whole.merge(network, SliceRow.counts(row), LayerCounts::plus);
            });
    whole.forEach((network, counts) -> bars.add(new SpeedUp(network, "all", counts.speedUp())));
    return bars;
  }
}
