package org.bitquake.jobs.campaign;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.RowCounter;
import org.bitquake.jobs.store.RowCounter.RowProgress;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.store.Waves;

/**
 * Runs what a campaign still lacks: golden run, waves of trials, activations, cells, networks. Each
 * part is committed as a whole, so a run that is killed loses at most the waves it was at.
 */
final class CampaignJob {
  private static final String ROWS = "rows";
  private static final String TRIALS = "trials";
  private static final String ACTIVATIONS = "activations";

  private final SparkSession spark;
  private final Campaign campaign;
  private final TableStore store;
  private final EngineSource engines;
  private final int partitions;
  private final String hash;
  private final JobMonitor monitor;
  private final Waves waves;
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
    this.campaign = campaign;
    this.store = store;
    this.engines = engines;
    this.partitions = partitions;
    this.hash = CampaignIdentity.of(campaign).shortHash();
    this.waves = Waves.of(hash, campaign.waves(), campaign.macsPerTrial());
    this.monitor = new JobMonitor(spark.sparkContext(), "campaign " + campaign.name(), "trials");
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return summaries().allMatch(table -> store.isCommitted(table, hash))
        && store.facts("cells", hash).get(ROWS).equals(Long.toString(store.rows(TRIALS)));
  }

  private Stream<String> summaries() {
    var always = Stream.of("cells", "pairs", "networks", ACTIVATIONS);
    return Quantiles.apply(campaign) ? Stream.concat(always, Stream.of("quantiles")) : always;
  }

  /** Processor time of the trials that the latest run ran. */
  double cpuSeconds() {
    return cpuSeconds;
  }

  /** Rows that are committed. */
  long committedRows() {
    return store.rows(TRIALS);
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
    store.checkpoint();
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var plan = TrialPlan.of(campaign);
    var data = campaign.dataset();
    Broadcast<byte[][]> files = context.broadcast(networkFiles());
    Broadcast<byte[][]> images = context.broadcast(new byte[][] {data.pixels(), data.labels()});
    monitor.step("golden run of " + WaveText.networks(campaign));
    byte[][] golden = new GoldenRun(plan, files, images, engines).run(spark, partitions);
    Broadcast<byte[][]> goldenRight = context.broadcast(golden);
    int[] correct = Arrays.stream(golden).mapToInt(CampaignJob::sum).toArray();
    var counter = new RowCounter(progress);
    spark.sparkContext().addSparkListener(counter);
    WaveRunner runner =
        (index, wave, of, gauges) -> {
          var task = new TrialTask(plan, wave, files, images, goldenRight, engines);
          monitor.step(Text.of("wave %s: %s", of, WaveText.of(campaign, wave)));
          runWave(index, task, gauges);
        };
    try {
      long rows =
          campaign.isAdaptive()
              ? adaptiveWaves(new AdaptiveSchedule(campaign, correct), runner, counter)
              : fixedWaves(runner, counter);
      counter.finish();
      cpuSeconds = counter.cpuSeconds();
      if (!store.isCommitted(ACTIVATIONS, hash)) {
        monitor.step("activations of " + WaveText.networks(campaign));
        var zeros = new ActivationRun(plan, files, images, engines);
        store.commit(
            ACTIVATIONS, hash, zeros.run(spark, campaign.networks(), partitions), Map.of());
      }
      monitor.step("tables");
      commitSummaries(correct, rows);
    } finally {
      spark.sparkContext().removeSparkListener(counter);
      monitor.close();
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        List.of(files, images, goldenRight).forEach(Broadcast::destroy);
      }
    }
  }

  /** Runs and commits one wave; the gauges tell how far the campaign was before it. */
  private interface WaveRunner {
    void run(int index, Wave wave, String numberOfAll, Map<String, Double> gauges);
  }

  /** The table {@code cells}. */
  Dataset<Row> cells() {
    return store.read(spark, "cells");
  }

  private long fixedWaves(WaveRunner runner, RowCounter counter) {
    counter.at(committedRows(), campaign.rows());
    waves.run(
        spark,
        store,
        TRIALS,
        index -> {
          var wave =
              Wave.of(campaign.cells(), waves.first(index), waves.end(index), campaign.images());
          runner.run(index, wave, index + 1 + "/" + waves.count(), Map.of());
          monitor.committed(index, wave.rows(), Map.of());
        });
    counter.at(campaign.rows(), campaign.rows());
    return campaign.rows();
  }

  /** Each wave is planned from the ones before, whether this run or an earlier one made them. */
  private long adaptiveWaves(AdaptiveSchedule schedule, WaveRunner runner, RowCounter counter) {
    List<CellState> states = schedule.start();
    long rows = 0;
    var wave = schedule.next(states);
    for (int index = 0; wave.isPresent(); index++) {
      counter.at(rows, schedule.expectedRows(states));
      boolean missing = !store.isCommitted(TRIALS, waves.part(index));
      if (missing) {
        store.checkpoint();
        var gauges = schedule.gauges(states);
        runner.run(index, wave.get(), Integer.toString(index + 1), gauges);
      }
      var tallies = Tallies.of(store.read(spark, TRIALS, waves.part(index)));
      for (int cell = 0; cell < states.size(); cell++) {
        long more = tallies.rows(campaign, cell);
        if (more > 0) {
          var state = states.get(cell).add(more, tallies.tally(campaign, cell));
          states.set(cell, schedule.afterWave(state));
        }
      }
      if (missing) {
        monitor.committed(index, wave.get().rows(), schedule.gauges(states));
      }
      rows += wave.get().rows();
      wave = schedule.next(states);
    }
    counter.at(rows, rows);
    return rows;
  }

  /** Waves of an adaptive campaign follow from each other. */
  private int atOnce() {
    return campaign.isAdaptive() ? 1 : waves.atOnce(spark);
  }

  private double macs(Wave wave) {
    return IntStream.range(0, campaign.cells())
        .mapToDouble(
            cell ->
                (double) (wave.to()[cell] - wave.from()[cell])
                    * wave.images()[cell]
                    * campaign.networks().get(campaign.cell(cell).network()).network().macs())
        .sum();
  }

  private void runWave(int index, TrialTask task, Map<String, Double> gauges) {
    var wave = task.wave();
    long units = TrialTask.units(task.plan(), wave);
    int tasks = WavePlan.tasks(macs(wave), partitions, atOnce());
    // Few files a wave, sorted: few to read, and their rows in the same order everywhere.
    var rows =
        spark
            .range(0, units, 1, (int) Math.min(units, tasks))
            .mapPartitions(
                monitor.counted(task, Tables.TRIALS, gauges), Encoders.row(Tables.TRIALS))
            .repartition(WavePlan.files(wave.rows()), col("trial"))
            .sortWithinPartitions("trial", "network", "kind", "rate");
    var facts =
        Map.of(
            "firstTrial",
            Long.toString(wave.first()),
            "endTrial",
            Long.toString(wave.end()),
            ROWS,
            Long.toString(wave.rows()));
    store.commit(TRIALS, waves.part(index), rows, facts);
  }

  private void commitSummaries(int[] correct, long rows) {
    store.verify(TRIALS);
    if (store.rows(TRIALS) != rows) {
      throw new IllegalStateException(
          Text.of("%s holds %d trials, not %d", store.root(), store.rows(TRIALS), rows));
    }
    var trials = store.read(spark, TRIALS);
    var facts = Map.of(ROWS, Long.toString(rows));
    store.commit("pairs", hash, new Pairs(campaign, correct).of(trials), facts);
    if (Quantiles.apply(campaign)) {
      store.commit("quantiles", hash, new Quantiles(campaign).of(trials), facts);
    }
    var data = campaign.dataset();
    var networks =
        NetworkRows.of(spark, campaign.networks(), campaign.encoding(), data, data.size(), correct);
    store.commit("networks", hash, networks, facts);
    store.commit("cells", hash, new Cells(campaign, correct).of(trials), facts);
  }

  private byte[][] networkFiles() {
    return campaign.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new);
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }
}
