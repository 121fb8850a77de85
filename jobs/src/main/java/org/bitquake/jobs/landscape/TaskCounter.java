package org.bitquake.jobs.landscape;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.bitquake.jobs.console.Progress;

/** Tells a progress how many tasks of a Spark job have ended. */
final class TaskCounter extends SparkListener {
  private final Progress progress;
  private long before;
  private int most;
  private int ended;

  TaskCounter(Progress progress) {
    this.progress = progress;
  }

  /**
   * The tasks that end from now on are those of the next job.
   *
   * @param before how many of all are done
   * @param most tasks of the job; 0 for one that does not count
   */
  synchronized void begin(long before, int most) {
    this.before = before;
    this.most = most;
    ended = 0;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskInfo().successful() && ended < most) {
      progress.update(before + ++ended);
    }
  }
}
