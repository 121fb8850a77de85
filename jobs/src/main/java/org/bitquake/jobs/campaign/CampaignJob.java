package org.bitquake.jobs.campaign;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.Tables;

/**
 * Runs what a campaign still lacks: golden run, waves of trials, cells, networks. Each part is
 * committed as a whole, so a run that is killed loses at most the wave it was at.
 */
final class CampaignJob {
  private final SparkSession spark;
  private final Campaign campaign;
  private final TableStore store;
  private final EngineSource engines;
  private final int partitions;
  private final String hash;
  private final WavePlan waves;

  /**
   * @param partitions tasks per wave; has no influence on the rows
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
    this.hash = CampaignIdentity.of(campaign).hash().substring(0, 16);
    this.waves = campaign.waves();
  }

  /** True if all tables are complete. */
  boolean isFinished() {
    return committedRows() == campaign.rows()
        && store.isCommitted("cells", hash)
        && store.isCommitted("networks", hash);
  }

  /** Rows of the waves that are committed. */
  long committedRows() {
    var committed = store.parts("trials");
    return IntStream.range(0, waves.waves())
        .filter(wave -> committed.contains(part(wave)))
        .mapToLong(this::rows)
        .sum();
  }

  /**
   * Completes the tables.
   *
   * @param rowsDone told the number of rows of {@code trials}, again and again
   */
  void run(LongConsumer rowsDone) {
    if (isFinished()) {
      return;
    }
    var context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    var plan = TrialPlan.of(campaign);
    var data = campaign.dataset();
    Broadcast<byte[][]> files = context.broadcast(networkFiles());
    Broadcast<byte[][]> images = context.broadcast(new byte[][] {data.pixels(), data.labels()});
    describe("golden run");
    byte[][] golden = new GoldenRun(plan, files, images, engines).run(spark, partitions);
    Broadcast<byte[][]> goldenRight = context.broadcast(golden);
    try {
      runWaves(new TrialTask(plan, files, images, goldenRight, engines), rowsDone);
      describe("tables");
      commitSummaries(golden);
    } finally {
      if (!spark.sparkContext().isStopped()) { // it is where the driver is being killed
        describe(null);
        List.of(files, images, goldenRight).forEach(Broadcast::destroy);
      }
    }
  }

  /** The table {@code cells}. */
  Dataset<Row> cells() {
    return store.read(spark, "cells");
  }

  private void runWaves(TrialTask task, LongConsumer rowsDone) {
    long rows = committedRows();
    rowsDone.accept(rows);
    var counter = new RowCounter(rows, rowsDone);
    var committed = store.parts("trials");
    spark.sparkContext().addSparkListener(counter);
    try {
      for (int wave = 0; wave < waves.waves(); wave++) {
        if (!committed.contains(part(wave))) {
          runWave(wave, task);
          rows += rows(wave);
          rowsDone.accept(rows);
        }
      }
    } finally {
      spark.sparkContext().removeSparkListener(counter);
    }
  }

  private void runWave(int wave, TrialTask task) {
    long first = waves.first(wave);
    long end = waves.end(wave);
    describe("trials %d…%d of %d".formatted(first, end - 1, waves.trials()));
    long networks = campaign.networks().size();
    long units = (end - first) * networks;
    // One file a wave, sorted: few files to read, and their rows in the same order everywhere.
    var rows =
        spark
            .range(first * networks, end * networks, 1, (int) Math.min(units, partitions))
            .mapPartitions(task, Encoders.row(Tables.TRIALS))
            .repartition(1)
            .sortWithinPartitions("trial", "network", "kind", "rate");
    var facts = Map.of("firstTrial", Long.toString(first), "endTrial", Long.toString(end));
    store.commit("trials", part(wave), rows, facts);
  }

  private void commitSummaries(byte[][] golden) {
    store.verify("trials");
    if (store.rows("trials") != campaign.rows()) {
      throw new IllegalStateException(
          "%s holds %d trials, not %d"
              .formatted(store.root(), store.rows("trials"), campaign.rows()));
    }
    int[] correct = Arrays.stream(golden).mapToInt(CampaignJob::sum).toArray();
    var cells = new Cells(campaign, correct).of(store.read(spark, "trials"));
    store.commit("cells", hash, cells, Map.of());
    store.commit("networks", hash, NetworkRows.of(spark, campaign, correct), Map.of());
  }

  private byte[][] networkFiles() {
    return campaign.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new);
  }

  private long rows(int wave) {
    return (waves.end(wave) - waves.first(wave)) * campaign.rowsPerTrial();
  }

  private static int sum(byte[] bytes) {
    int sum = 0;
    for (byte b : bytes) {
      sum += b;
    }
    return sum;
  }

  private String part(int wave) {
    return "%s-w%05d".formatted(hash, wave);
  }

  private void describe(String step) {
    spark.sparkContext().setJobDescription(step);
  }
}
