package org.bitquake.jobs.store;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Counts the rows of finished tasks and their processor time, as they finish; a task that ran twice
 * counts twice.
 */
public final class RowCounter extends SparkListener {
  private final RowProgress progress;
  private long rows;
  private long expected;
  private long cpuNanos;
  private boolean finished;

  /** Told how far a job is. */
  public interface RowProgress {
    void at(long rows, long expected);
  }

  /**
   * @param progress told again and again, from more than one thread
   */
  public RowCounter(RowProgress progress) {
    this.progress = progress;
  }

  /** So many rows are committed, and so many are expected in all. */
  public synchronized void at(long committed, long inAll) {
    rows = committed;
    expected = inAll;
    progress.at(rows, expected);
  }

  /** Tasks that end from now on do something else. */
  public synchronized void finish() {
    finished = true;
  }

  /** Processor time of the threads that made the rows, without compilers and garbage collectors. */
  public synchronized double cpuSeconds() {
    return cpuNanos / 1e9;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    var metrics = end.taskMetrics();
    long written = metrics == null ? 0 : metrics.shuffleWriteMetrics().recordsWritten();
    if (written > 0 && !finished) {
      rows += written;
      cpuNanos += metrics.executorCpuTime() + metrics.executorDeserializeCpuTime();
      progress.at(Math.min(rows, expected), expected);
    }
  }
}
