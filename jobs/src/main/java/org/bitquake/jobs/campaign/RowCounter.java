package org.bitquake.jobs.campaign;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the rows of finished tasks, as they finish; a task that ran twice counts twice. */
final class RowCounter extends SparkListener {
  private final AtomicLong rows;
  private final LongConsumer report;

  RowCounter(long already, LongConsumer report) {
    this.rows = new AtomicLong(already);
    this.report = report;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    var metrics = end.taskMetrics();
    long written = metrics == null ? 0 : metrics.shuffleWriteMetrics().recordsWritten();
    if (written > 0) {
      report.accept(rows.addAndGet(written));
    }
  }
}
