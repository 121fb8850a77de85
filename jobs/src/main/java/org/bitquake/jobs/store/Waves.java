package org.bitquake.jobs.store;

import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.bitquake.jobs.console.Progress;

/**
 * The work behind a table, cut into ranges of units, each committed as a part of the table. The cut
 * must follow from the job alone, so that one begun on one machine can go on on another.
 *
 * @param hash of the job's identity, which begins the names of the parts
 * @param units 0 … units − 1, all of them
 * @param size units of a wave, but for the last
 */
public record Waves(String hash, long units, long size) {
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

  /** The number of waves. */
  public int waves() {
    return Math.toIntExact((units + size - 1) / size);
  }

  /** The first unit of a wave. */
  public long first(int wave) {
    return wave * size;
  }

  /** One past the last unit of a wave. */
  public long end(int wave) {
    return Math.min(units, (wave + 1) * size);
  }

  /** The name of a wave's part. */
  public String part(int wave) {
    return "%s-w%05d".formatted(hash, wave);
  }

  /**
   * Runs the waves that are not committed yet, one after the other, and shows how far they are.
   *
   * @param what the rows are, for people
   */
  public void run(
      SparkSession spark, TableStore store, String table, String what, Rows rows, Runner runner) {
    Set<String> committed = store.parts(table);
    int[] missing =
        IntStream.range(0, waves()).filter(wave -> !committed.contains(part(wave))).toArray();
    if (missing.length == 0) {
      return;
    }
    long expected = IntStream.of(missing).mapToLong(rows::of).sum();
    try (var progress = Progress.start(what, expected)) {
      var counter = new RowCounter((done, all) -> progress.update(done));
      spark.sparkContext().addSparkListener(counter);
      try {
        long done = 0;
        counter.at(0, expected);
        for (int wave : missing) {
          store.checkpoint();
          runner.run(wave);
          done += rows.of(wave);
          counter.at(done, expected);
        }
      } finally {
        spark.sparkContext().removeSparkListener(counter);
      }
    }
  }
}
