package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.campaign.CampaignNetwork;
import org.bitquake.jobs.campaign.EngineSource;
import org.bitquake.jobs.campaign.NetworkRows;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.RowCounter;
import org.bitquake.jobs.store.RowCounter.RowProgress;
import org.bitquake.jobs.store.SingleFaultTables;
import org.bitquake.jobs.store.TableStore;

/**
 * Runs what a campaign of single faults still lacks: waves of faults, rates, networks. Each part is
 * committed as a whole, so a run that is killed loses at most the wave it was at.
 */
final class SingleFaultJob {
  private static final String FAULTS = "single_faults";
  private static final String RATES = "single_fault_rates";

  private final SparkSession spark;
  private final SingleFaultCampaign campaign;
  private final TableStore store;
  private final EngineSource engines;
  private final int partitions;
  private final String hash;
  private final JobMonitor monitor;

  /**
   * @param partitions tasks per wave; has no influence on the rows
   */
  SingleFaultJob(
      SparkSession spark,
      SingleFaultCampaign campaign,
      TableStore store,
      EngineSource engines,
      int partitions) {
    this.spark = spark;
    this.campaign = campaign;
    this.store = store;
    this.engines = engines;
    this.partitions = partitions;
    this.hash = campaign.identity().shortHash();
    this.monitor =
        new JobMonitor(spark.sparkContext(), "campaign " + store.root().getName(), "single faults");
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return store.isCommitted(RATES, hash)
        && store.isCommitted("networks", hash)
        && store.rows(FAULTS) == campaign.faults();
  }

  /** Rows that are committed. */
  long committedRows() {
    return store.rows(FAULTS);
  }

  /** The table of rates. */
  List<Row> rates() {
    return store.read(spark, RATES).collectAsList();
  }

  /** Completes the tables. */
  void run(RowProgress progress) {
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<byte[][]> files = context.broadcast(networkFiles());
    Broadcast<byte[][]> images = context.broadcast(campaign.pixelsAndLabels());
    var counter = new RowCounter(progress);
    spark.sparkContext().addSparkListener(counter);
    try {
      waves(counter, files, images);
      store.checkpoint();
      monitor.step("tables");
      commitSummaries();
    } finally {
      monitor.close();
      spark.sparkContext().removeSparkListener(counter);
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        List.of(files, images).forEach(Broadcast::destroy);
      }
    }
  }

  private void waves(RowCounter counter, Broadcast<byte[][]> files, Broadcast<byte[][]> images) {
    var waves = campaign.waves();
    var plan = FaultTask.Plan.of(campaign);
    var committed = store.parts(FAULTS);
    long rows = committedRows();
    counter.at(rows, campaign.faults());
    for (int wave = 0; wave < waves.waves(); wave++) {
      if (!committed.contains(part(wave))) {
        long first = waves.first(wave);
        long end = waves.end(wave);
        int units = (int) Math.min(end - first, partitions);
        runWave(wave, new FaultTask(plan, first, end, units, files, images, engines));
        rows += end - first;
        counter.at(rows, campaign.faults());
      }
    }
  }

  private void runWave(int index, FaultTask task) {
    store.checkpoint();
    long count = task.end() - task.first();
    monitor.wave(index, campaign.waves().waves(), count);
    var rows =
        spark
            .range(0, task.units(), 1, task.units())
            .mapPartitions(
                monitor.counted(task, SingleFaultTables.FAULTS),
                Encoders.row(SingleFaultTables.FAULTS))
            .repartition(1)
            .sortWithinPartitions("network", "layer", "filter", "index", "bit");
    var facts =
        Map.of("firstFault", Long.toString(task.first()), "endFault", Long.toString(task.end()));
    store.commit(FAULTS, part(index), rows, facts);
    monitor.committed(index, count, Map.of());
  }

  private void commitSummaries() {
    store.verify(FAULTS);
    if (committedRows() != campaign.faults()) {
      throw new IllegalStateException(
          "%s holds %d single faults, not %d"
              .formatted(store.root(), committedRows(), campaign.faults()));
    }
    var rates = FaultRates.of(campaign, store.read(spark, FAULTS));
    int[] golden = rates.goldenCorrect();
    var networks =
        NetworkRows.of(
            spark,
            campaign.networks(),
            campaign.encoding(),
            campaign.dataset(),
            campaign.images(),
            golden);
    store.commit("networks", hash, networks, Map.of());
    store.commit(RATES, hash, rates.table(spark), Map.of());
  }

  private byte[][] networkFiles() {
    return campaign.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new);
  }

  private String part(int wave) {
    return "%s-w%05d".formatted(hash, wave);
  }
}
