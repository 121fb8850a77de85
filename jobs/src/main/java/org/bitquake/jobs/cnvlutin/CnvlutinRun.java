package org.bitquake.jobs.cnvlutin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.jobs.config.CnvlutinConfig;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.figure.SpeedUp;
import org.bitquake.jobs.figure.SpeedUpFigure;
import org.bitquake.jobs.store.ResultDirectory;

/** A simulation from its configuration file to its report. */
public final class CnvlutinRun {
  private CnvlutinRun() {}

  /**
   * What the command line adds to the configuration file.
   *
   * @param output directory of the tables, instead of the file's
   * @param overwrite true to replace another simulation there
   * @param data directory of the data set, instead of the file's
   * @param partitions tasks per wave, instead of three for each core; does not change the rows
   */
  public record Options(
      Optional<String> output,
      boolean overwrite,
      Optional<String> data,
      Optional<Integer> partitions) {}

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
  public static Outcome run(SparkSession spark, String configFile, Options options)
      throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    var document = Yaml.load(configFile, hadoop, CnvlutinConfig.class);
    var simulation = SimulationLoader.load(document, options.data(), hadoop);
    var store =
        ResultDirectory.open(
            options.output().orElse(document.value().output()),
            "cnvlutin",
            simulation.name(),
            simulation.identity(),
            options.overwrite(),
            hadoop);
    int partitions =
        options.partitions().orElseGet(() -> 3 * spark.sparkContext().defaultParallelism());
    var job = new CnvlutinJob(spark, simulation, store, partitions);
    job.run();
    var layers = job.layers().collectAsList();
    var report = new CnvlutinReport(simulation, layers, place(store.root()));
    return new Outcome(
        store.root().toString(), report.text(), drawMissing(layers, store.root(), hadoop));
  }

  private static List<Path> drawMissing(List<Row> layers, Path root, Configuration hadoop)
      throws IOException {
    var folder = new Path(root, "figures");
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

  private static String place(Path root) {
    return "file".equals(root.toUri().getScheme()) ? root.toUri().getPath() : root.toString();
  }
}
