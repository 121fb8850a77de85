package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.injection.NetworkRows;
import org.bitquake.jobs.injection.ProtectionRows;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Waves;

/**
 * Runs what a campaign of single faults still lacks: waves of faults, rates, networks. Each part is
 * committed as a whole, so a run that is killed loses at most the wave it was at.
 */
final class SingleFaultJob {
  private static final String FAULTS = "single_faults";
  private static final String RATES = "single_fault_rates";
  private static final String PROTECTIONS = "protections";

  private final SparkSession spark;
  private final TableSessions sessions;
  private final SingleFaultCampaign campaign;
  private final TableStore store;
  private final EngineSource engines;
  private final int partitions;
  private final String hash;
  private final JobMonitor monitor;
  private final Waves waves;

  /**
   * @param partitions most tasks at a time; has no influence on the rows
   */
  SingleFaultJob(
      SparkSession spark,
      SingleFaultCampaign campaign,
      TableStore store,
      EngineSource engines,
      int partitions) {
    this.spark = spark;
    this.sessions = new TableSessions(spark);
    this.campaign = campaign;
    this.store = store;
    this.engines = engines;
    this.partitions = partitions;
    this.hash = campaign.identity().shortHash();
    this.waves = Waves.of(hash, campaign.waves(), campaign.macsPerFault());
    this.monitor =
        new JobMonitor(spark.sparkContext(), "campaign " + store.root().getName(), "single faults");
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return store.isCommitted(RATES, hash)
        && store.isCommitted("networks", hash)
        && (!hasProtections() || store.isCommitted(PROTECTIONS, hash))
        && store.rows(FAULTS) == campaign.faults();
  }

  private boolean hasProtections() {
    return ProtectionRows.apply(campaign.models(0));
  }

  /** Rows that are committed. */
  long committedRows() {
    return store.rows(FAULTS);
  }

  /** The table of rates. */
  List<Row> rates() {
    return sessions.collect(store, RATES);
  }

  /** Completes the tables. */
  void run() {
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<byte[][]> files = context.broadcast(networkFiles());
    Broadcast<byte[][]> images = context.broadcast(campaign.pixelsAndLabels());
    try {
      waves.run(
          spark, store, FAULTS, "single faults", waves::size, wave -> runWave(wave, files, images));
      store.checkpoint();
      monitor.step("tables");
      commitSummaries();
    } finally {
      monitor.close();
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        List.of(files, images).forEach(Broadcast::destroy);
      }
    }
  }

  private void runWave(int wave, Broadcast<byte[][]> files, Broadcast<byte[][]> images) {
    long first = waves.first(wave);
    long end = waves.end(wave);
    int units = campaign.tasks(waves.tasks(spark, wave, partitions), end - first);
    var plan = FaultTask.Plan.of(campaign);
    var task = new FaultTask(plan, first, end, units, files, images, engines);
    monitor.wave(wave, waves.count(), end - first);
    var rows =
        sessions
            .of(end - first)
            .range(0, units, 1, units)
            .mapPartitions(monitor.counted(task, plan.schema()), Encoders.row(plan.schema()))
            .repartition(1)
            .sortWithinPartitions("network", "kind", "layer", "filter", "index", "bit");
    var facts = Map.of("firstFault", Long.toString(first), "endFault", Long.toString(end));
    store.commit(FAULTS, waves.part(wave), rows, facts);
    monitor.committed(wave, end - first, Map.of());
  }

  private void commitSummaries() {
    store.verify(FAULTS);
    if (committedRows() != campaign.faults()) {
      throw new IllegalStateException(
          Text.of(
              "%s holds %d single faults, not %d",
              store.root(), committedRows(), campaign.faults()));
    }
    var rates = FaultRates.of(campaign, sessions.read(store, FAULTS));
    int[] golden = rates.goldenCorrect();
    var networks =
        NetworkRows.of(
            sessions.few(),
            campaign.networks(),
            List.of(campaign.encoding()),
            campaign.dataset(),
            campaign.images(),
            golden);
    store.commit("networks", hash, networks, Map.of());
    if (hasProtections()) {
      var costs = ProtectionRows.of(sessions.few(), campaign.networks(), campaign.models(0));
      store.commit(PROTECTIONS, hash, costs, Map.of());
    }
    store.commit(RATES, hash, rates.table(sessions.few()), Map.of());
  }

  private byte[][] networkFiles() {
    return campaign.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new);
  }
}
