package org.bitquake.jobs.cnvlutin;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.CnvlutinTables;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.store.Waves;

/**
 * Runs what a simulation still lacks: waves of units, then the sums. Each wave is committed as a
 * whole, so a run that is killed loses at most the wave it was at.
 */
final class CnvlutinJob {
  static final String SLICES = "cnvlutin_slices";
  static final String LAYERS = "cnvlutin_layers";

  private final SparkSession spark;
  private final TableSessions sessions;
  private final Simulation simulation;
  private final SimulationPlan plan;
  private final TableStore store;
  private final int partitions;
  private final String hash;
  private final JobMonitor monitor;
  private final Waves waves;

  /**
   * @param partitions most tasks at a time; has no influence on the rows
   */
  CnvlutinJob(SparkSession spark, Simulation simulation, TableStore store, int partitions) {
    this(spark, simulation, store, partitions, simulation.waves());
  }

  CnvlutinJob(
      SparkSession spark, Simulation simulation, TableStore store, int partitions, WavePlan cut) {
    this.spark = spark;
    this.sessions = new TableSessions(spark);
    this.simulation = simulation;
    this.plan = SimulationPlan.of(simulation);
    this.store = store;
    this.partitions = partitions;
    this.hash = simulation.identity().shortHash();
    this.monitor =
        new JobMonitor(
            spark.sparkContext(), "cnvlutin " + store.root().getName(), "layers of slices");
    this.waves = Waves.of(hash, cut, simulation.macsPerUnit());
  }

  private int rowsOfImage(int network) {
    return simulation.networks().get(network).network().weightLayers().size();
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return store.isCommitted(LAYERS, hash);
  }

  /** Completes the tables. */
  void run() {
    if (isFinished()) {
      return;
    }
    store.checkpoint();
    SelfCheck.run(simulation);
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<byte[][]> files =
        context.broadcast(
            simulation.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new));
    Broadcast<byte[]> pixels = context.broadcast(simulation.dataset().pixels());
    try {
      var task = new SimulationTask(plan, files, pixels);
      waves.run(spark, store, SLICES, "rows", this::rows, wave -> runWave(wave, task));
      monitor.step("layers");
      commitLayers();
    } finally {
      monitor.close();
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        files.destroy();
        pixels.destroy();
      }
    }
  }

  /** The table {@code cnvlutin_layers}. */
  List<Row> layers() {
    return sessions.collect(store, LAYERS);
  }

  private void runWave(int wave, SimulationTask task) {
    monitor.wave(wave, waves.count(), rows(wave));
    // One file a wave, sorted: few files to read, and their rows in the same order everywhere.
    var rows =
        sessions
            .of(rows(wave))
            .range(waves.first(wave), waves.end(wave), 1, waves.tasks(spark, wave, partitions))
            .mapPartitions(
                monitor.counted(task, CnvlutinTables.SLICES), Encoders.row(CnvlutinTables.SLICES))
            .repartition(1)
            .sortWithinPartitions(
                "network", "kind", "rate", "fault_map", "first_image", "position");
    store.commit(SLICES, waves.part(wave), rows, Map.of("rows", Long.toString(rows(wave))));
    monitor.committed(wave, rows(wave), Map.of());
  }

  private void commitLayers() {
    store.verify(SLICES);
    long expected = rows(0, plan.units());
    if (store.rows(SLICES) != expected) {
      throw new IllegalStateException(
          Text.of("%s holds %d rows, not %d", store.root(), store.rows(SLICES), expected));
    }
    store.commit(LAYERS, hash, LayerRows.of(simulation, sessions.read(store, SLICES)), Map.of());
  }

  private long rows(int wave) {
    return rows(waves.first(wave), waves.end(wave));
  }

  private long rows(long firstUnit, long endUnit) {
    return LongStream.range(firstUnit, endUnit)
        .mapToObj(plan::unit)
        .mapToLong(
            unit -> (long) rowsOfImage(unit.network()) * (plan.perImage() ? unit.count() : 1))
        .sum();
  }
}
