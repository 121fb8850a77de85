package org.bitquake.jobs.session;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Java's heap for tasks, where Spark runs them.
 *
 * @param bytes of one process
 * @param tasks at once in it; at least, where the cluster decides
 * @param option of spark-submit that sets it
 */
public record TaskMemory(long bytes, int tasks, String option) {
  private static final long MIB = 1 << 20;

  /** The option of the driver's memory, which is that of its tasks on one machine. */
  static final String DRIVER = "--driver-memory";

  /** What Spark itself and the tables need. */
  private static final long BESIDE = 300 * MIB;

  /** Of the tasks of this application. */
  public static TaskMemory of(SparkContext context) {
    return context.isLocal()
        ? new TaskMemory(Runtime.getRuntime().maxMemory(), context.defaultParallelism(), DRIVER)
        : ofExecutors(context.conf());
  }

  static TaskMemory ofExecutors(SparkConf conf) {
    long bytes =
        conf.getSizeAsMb("spark.executor.memory", "1g") * MIB; // its unit where none is said
    int tasks = conf.getInt("spark.executor.cores", 1) / conf.getInt("spark.task.cpus", 1);
    return new TaskMemory(bytes, Math.max(1, tasks), "--executor-memory");
  }

  /**
   * Refuses tasks that will not fit.
   *
   * @param most tasks of the job at once
   * @param task bytes of one
   * @param what takes them
   */
  public void require(int most, long task, String what) {
    int atOnce = Math.min(most, tasks);
    long needed = BESIDE + atOnce * task;
    if (needed > bytes) {
      String several = atOnce == 1 ? "one has" : Text.of("%d at once have", atOnce);
      throw new InputException(
          Text.of(
              "%s takes %,d MiB of memory in a task, and %s %,d MiB, %d of them for Spark: give more, … -- %s %dm%s",
              what,
              task / MIB,
              several,
              bytes / MIB,
              BESIDE / MIB,
              option,
              needed / MIB * 11 / 10, // a collector keeps some apart
              atOnce > 1 && option.equals(DRIVER)
                  ? ", or run fewer at once, … -- --master local[1]"
                  : ""));
    }
  }
}
