package org.bitquake.jobs.store;

import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;
import org.bitquake.jobs.console.Progress;

/**
 * The work behind a table, in waves that do not depend on each other; each is committed as a part
 * of the table.
 *
 * @param hash of the job's identity, which begins the names of the parts
 * @param plan the cut
 * @param seconds of one core that a wave takes, about
 */
public record Waves(String hash, WavePlan plan, double seconds) {

  /** Computes and commits one wave. */
  @FunctionalInterface
  public interface Runner {
    void run(int wave);
  }

  /** Rows of one wave. */
  @FunctionalInterface
  public interface Rows {
    long of(int wave);
  }

  /**
   * Waves of some work.
   *
   * @param macsPerTrial multiply-accumulates of one trial, or as many as take its time
   */
  public static Waves of(String hash, WavePlan plan, long macsPerTrial) {
    return new Waves(hash, plan, plan.seconds(macsPerTrial));
  }

  /** The first trial of a wave. */
  public long first(int wave) {
    return plan.first(wave);
  }

  /** One past the last trial of a wave. */
  public long end(int wave) {
    return plan.end(wave);
  }

  /** Trials of a wave. */
  public long size(int wave) {
    return end(wave) - first(wave);
  }

  /** The number of waves. */
  public int count() {
    return plan.waves();
  }

  /** The name of a wave's part. */
  public String part(int wave) {
    return Text.of("%s-w%05d", hash, wave);
  }

  /** How many run at the same time. */
  public int atOnce(SparkSession spark) {
    return WavePool.atOnce(spark.sparkContext().defaultParallelism(), seconds);
  }

  /**
   * Into how many tasks to cut a wave.
   *
   * @param most of all waves that run at the same time
   */
  public int tasks(SparkSession spark, int wave, int most) {
    double macs = seconds * WavePlan.MACS_PER_SECOND;
    return (int) Math.min(size(wave), WavePlan.tasks(macs, most, atOnce(spark)));
  }

  /** Runs the waves that are not committed yet, several at a time. */
  public void run(SparkSession spark, TableStore store, String table, Runner runner) {
    WavePool.run(
        missing(store, table),
        atOnce(spark),
        wave -> {
          store.checkpoint();
          runner.run(wave);
        });
  }

  /**
   * The same, and shows how far they are.
   *
   * @param what the rows are, for people
   */
  public void run(
      SparkSession spark, TableStore store, String table, String what, Rows rows, Runner runner) {
    long expected = IntStream.of(missing(store, table)).mapToLong(rows::of).sum();
    if (expected == 0) {
      return;
    }
    try (var progress = Progress.start(what, expected)) {
      var counter = new RowCounter((done, all) -> progress.update(done));
      spark.sparkContext().addSparkListener(counter);
      try {
        counter.at(0, expected);
        run(spark, store, table, runner);
        counter.at(expected, expected);
      } finally {
        spark.sparkContext().removeSparkListener(counter);
      }
    }
  }

  private int[] missing(TableStore store, String table) {
    Set<String> committed = store.parts(table);
    return IntStream.range(0, count()).filter(wave -> !committed.contains(part(wave))).toArray();
  }
}
