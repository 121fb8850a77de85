package org.bitquake.jobs.singlefault;

import org.apache.spark.sql.Row;

/**
 * Sums over faults, exact integers.
 *
 * @param injected faults with a result
 * @param failed faults without
 * @param changedPairs (fault, image) pairs with another prediction
 * @param lost pairs right without and wrong with the fault
 * @param gained pairs wrong without and right with the fault
 * @param leastCorrect of any fault; {@link Integer#MAX_VALUE} without faults
 */
record FaultTally(
    long injected,
    long failed,
    long masked,
    long changedLogits,
    long changedPrediction,
    long changedPairs,
    long lost,
    long gained,
    int leastCorrect) {
  static final FaultTally NONE = new FaultTally(0, 0, 0, 0, 0, 0, 0, 0, Integer.MAX_VALUE);

  /** Reads the sums of {@link FaultRates}, which begin at a column. */
  static FaultTally of(Row row, int at) {
    return new FaultTally(
        row.getLong(at),
        row.getLong(at + 1),
        row.getLong(at + 2),
        row.getLong(at + 3),
        row.getLong(at + 4),
        row.getLong(at + 5),
        row.getLong(at + 6),
        row.getLong(at + 7),
        row.isNullAt(at + 8) ? Integer.MAX_VALUE : row.getInt(at + 8));
  }

  FaultTally plus(FaultTally other) {
    return new FaultTally(
        injected + other.injected,
        failed + other.failed,
        masked + other.masked,
        changedLogits + other.changedLogits,
        changedPrediction + other.changedPrediction,
        changedPairs + other.changedPairs,
        lost + other.lost,
        gained + other.gained,
        Math.min(leastCorrect, other.leastCorrect));
  }
}
