package org.bitquake.jobs.landscape;

import static org.apache.spark.sql.functions.col;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.console.Progress;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.session.TaskMemory;
import org.bitquake.jobs.store.LandscapeTables;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Waves;
import org.bitquake.landscape.LossMemory;

/**
 * Runs what landscapes still lack: waves of grid points, then the sharpness of each network. Each
 * part is committed as a whole, so a run that is killed loses at most the part it was at.
 */
final class LandscapeJob {
  private final SparkSession spark;
  private final TableSessions sessions;
  private final Landscape landscape;
  private final GridPlan plan;
  private final TableStore store;
  private final int partitions;
  private final String hash;
  private final JobMonitor monitor;

  /**
   * @param partitions most tasks at a time; has no influence on the rows
   */
  LandscapeJob(SparkSession spark, Landscape landscape, TableStore store, int partitions) {
    this.spark = spark;
    this.sessions = new TableSessions(spark);
    this.landscape = landscape;
    this.plan = GridPlan.of(landscape);
    this.store = store;
    this.partitions = partitions;
    this.hash = landscape.identity().shortHash();
    this.monitor =
        new JobMonitor(spark.sparkContext(), "landscape " + store.root().getName(), "grid points");
  }

  /**
   * Completes the tables.
   *
   * @throws org.bitquake.InputException before the first point, if tasks have too little memory
   */
  void run() {
    requireMemory();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var images = landscape.images();
    Broadcast<byte[][]> files =
        context.broadcast(
            landscape.networks().stream().map(NamedNetwork::bytes).toArray(byte[][]::new));
    Broadcast<byte[][]> pixels = context.broadcast(new byte[][] {images.pixels(), images.labels()});
    try {
      grid(files, pixels);
      if (landscape.config().sharpness().isPresent()) {
        sharpness(context, files, pixels);
      }
    } finally {
      monitor.close();
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        List.of(files, pixels).forEach(Broadcast::destroy);
      }
    }
  }

  /** Refuses networks that are too large for the memory of the tasks that are left to do. */
  private void requireMemory() {
    var memory = TaskMemory.of(spark.sparkContext());
    boolean points = store.parts("landscape").size() < landscape.waves().waves();
    Set<String> measured = store.parts("sharpness");
    for (int n = 0; n < plan.names().size(); n++) {
      var network = landscape.networks().get(n).network();
      if (points) {
        memory.require(
            partitions,
            LossMemory.ofLosses(network),
            Text.of("the loss of network %s", plan.names().get(n)));
      }
      if (landscape.config().sharpness().isPresent() && !measured.contains(sharpnessPart(n))) {
        memory.require(
            SharpnessPlan.of(landscape.config().sharpness().get()).units(),
            LossMemory.ofDerivatives(network),
            Text.of("the sharpness of network %s", plan.names().get(n)));
      }
    }
  }

  private void grid(Broadcast<byte[][]> files, Broadcast<byte[][]> pixels) {
    var waves = Waves.of(hash, landscape.waves(), landscape.macsPerPoint());
    waves.run(
        spark,
        store,
        "landscape",
        "points",
        waves::size,
        wave -> runWave(wave, waves, new GridTask(plan, files, pixels)));
  }

  private void runWave(int wave, Waves waves, GridTask task) {
    long points = waves.size(wave);
    monitor.wave(wave, waves.count(), points);
    // One file a wave, sorted: few files to read, and their rows in the same order everywhere.
    var rows =
        sessions
            .of(points)
            .range(waves.first(wave), waves.end(wave), 1, waves.tasks(spark, wave, partitions))
            .mapPartitions(
                monitor.counted(task, LandscapeTables.LANDSCAPE),
                Encoders.row(LandscapeTables.LANDSCAPE))
            .repartition(1)
            .sortWithinPartitions("network", "kind", "direction", "beta", "alpha");
    store.commit("landscape", waves.part(wave), rows, Map.of("rows", Long.toString(points)));
    monitor.committed(wave, points, Map.of());
  }

  private void sharpness(
      JavaSparkContext context, Broadcast<byte[][]> files, Broadcast<byte[][]> pixels) {
    Set<String> committed = store.parts("sharpness");
    int[] missing =
        IntStream.range(0, plan.names().size())
            .filter(n -> !committed.contains(sharpnessPart(n)))
            .toArray();
    if (missing.length == 0) {
      return;
    }
    var what = SharpnessPlan.of(landscape.config().sharpness().orElseThrow());
    List<Row> radii =
        sessions.read(store, "landscape").where(col("kind").equalTo("radius")).collectAsList();
    var progress = Progress.start("measures of sharpness", (long) missing.length * what.units());
    var counter = new TaskCounter(progress);
    spark.sparkContext().addSparkListener(counter);
    try (progress) {
      for (int i = 0; i < missing.length; i++) {
        int network = missing[i];
        String name = plan.names().get(network);
        store.checkpoint();
        monitor.step("sharpness of " + name);
        List<Integer> units = IntStream.range(0, what.units()).boxed().toList();
        counter.begin((long) i * what.units(), what.units());
        // Short tasks: the two long units come first and the probes fill the other cores.
        List<double[]> results =
            context
                .parallelize(units, units.size())
                .mapPartitions(new SharpnessTask(plan, what, network, files, pixels))
                .collect();
        counter.begin(0, 0);
        List<Row> its =
            radii.stream().filter(row -> row.<String>getAs("network").equals(name)).toList();
        var rows = new SharpnessRows(plan, what, network, results, its).rows();
        store.commit(
            "sharpness",
            sharpnessPart(network),
            sessions.few().createDataFrame(rows, LandscapeTables.SHARPNESS).coalesce(1),
            Map.of());
        progress.update((i + 1L) * what.units());
      }
    } finally {
      spark.sparkContext().removeSparkListener(counter);
    }
  }

  private String sharpnessPart(int network) {
    return Text.of("%s-s%05d", hash, network);
  }
}
