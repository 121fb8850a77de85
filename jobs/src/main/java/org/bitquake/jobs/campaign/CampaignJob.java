package org.bitquake.jobs.campaign;

import static org.bitquake.jobs.campaign.CampaignTables.ACTIVATIONS;
import static org.bitquake.jobs.campaign.CampaignTables.TRIALS;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.console.Timings;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.session.TaskMemory;
import org.bitquake.jobs.store.RowCounter;
import org.bitquake.jobs.store.RowCounter.RowProgress;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Waves;
import org.bitquake.jobs.trial.ActivationRun;
import org.bitquake.jobs.trial.GoldenRun;
import org.bitquake.jobs.trial.Marks;
import org.bitquake.jobs.trial.TrialTask;

/**
 * Runs what a campaign still lacks: golden run, {@linkplain CampaignWaves waves of trials},
 * activations, {@linkplain CampaignTables tables}. Each part is committed as a whole, so a run that
 * is killed loses at most the waves it was at.
 */
final class CampaignJob {
  private final SparkSession spark;
  private final TableSessions sessions;
  private final Campaign campaign;
  private final TableStore store;
  private final EngineSource engines;
  private final int partitions;
  private final String hash;
  private final JobMonitor monitor;
  private final CampaignWaves waves;
  private final CampaignTables tables;
  private double cpuSeconds;

  /**
   * @param partitions most tasks at a time; has no influence on the rows
   */
  CampaignJob(
      SparkSession spark,
      Campaign campaign,
      TableStore store,
      EngineSource engines,
      int partitions) {
    this.spark = spark;
    this.sessions = new TableSessions(spark);
    this.campaign = campaign;
    this.store = store;
    this.engines = engines;
    this.partitions = partitions;
    this.hash = CampaignIdentity.of(campaign).shortHash();
    this.monitor = new JobMonitor(spark.sparkContext(), "campaign " + campaign.name(), "trials");
    var cut = Waves.of(hash, campaign.waves(), campaign.macsPerTrial());
    this.waves = new CampaignWaves(sessions, campaign, store, cut, partitions, monitor);
    this.tables = new CampaignTables(sessions, campaign, store, hash);
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return tables.areComplete();
  }

  /** Processor time of the trials that the latest run ran. */
  double cpuSeconds() {
    return cpuSeconds;
  }

  /** Rows that are committed. */
  long committedRows() {
    return store.rows(TRIALS);
  }

  /** The table {@code cells}. */
  List<Row> cells() {
    return tables.cells();
  }

  /**
   * Completes the tables.
   *
   * @param progress told the number of rows of {@code trials}, and how many there will be, again
   *     and again
   */
  void run(RowProgress progress) {
    if (isFinished()) {
      return;
    }
    requireMemory();
    store.checkpoint();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var plan = campaign.trialPlan();
    var data = campaign.dataset();
    Broadcast<byte[][]> files = context.broadcast(networkFiles());
    Broadcast<byte[][]> images = context.broadcast(new byte[][] {data.pixels(), data.labels()});
    monitor.step("golden run of " + WaveText.networks(campaign));
    byte[][] golden =
        Timings.phase(
            "golden run",
            () -> new GoldenRun(plan, files, images, engines).run(sessions.few(), partitions));
    Broadcast<byte[][]> goldenMarks = context.broadcast(golden);
    int[] correct = marked(golden, Marks.CORRECT);
    var counter = new RowCounter(progress);
    spark.sparkContext().addSparkListener(counter);
    CampaignWaves.Tasks tasks =
        wave -> new TrialTask(plan, wave, files, images, goldenMarks, engines);
    try {
      long rows = Timings.phase("trials", () -> waves.run(correct, tasks, counter));
      counter.finish();
      cpuSeconds = counter.cpuSeconds();
      Timings.run(
          "activations", () -> activations(new ActivationRun(plan, files, images, engines)));
      monitor.step("tables");
      Timings.run("tables", () -> tables.commit(correct, marked(golden, Marks.TOP5), rows));
    } finally {
      spark.sparkContext().removeSparkListener(counter);
      monitor.close();
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        List.of(files, images, goldenMarks).forEach(Broadcast::destroy);
      }
    }
  }

  /** The reference engine takes most, and comes last. */
  private void requireMemory() {
    var memory = TaskMemory.of(spark.sparkContext());
    int networks = campaign.networks().size();
    for (var its : campaign.networks()) {
      memory.require(
          Math.min(partitions, ActivationRun.tasks(networks)),
          ActivationRun.memory(its.network(), campaign.dataset().size()),
          Text.of("network %s", its.name()));
    }
  }

  private void activations(ActivationRun run) {
    if (!store.isCommitted(ACTIVATIONS, hash)) {
      monitor.step("activations of " + WaveText.networks(campaign));
      store.commit(
          ACTIVATIONS, hash, run.run(sessions.few(), campaign.networks(), partitions), Map.of());
    }
  }

  private byte[][] networkFiles() {
    return campaign.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new);
  }

  /** Images of the whole data set that have a mark, for each network. */
  private static int[] marked(byte[][] golden, int mark) {
    return Arrays.stream(golden)
        .mapToInt(
            marks ->
                (int) IntStream.range(0, marks.length).filter(i -> (marks[i] & mark) != 0).count())
        .toArray();
  }
}
