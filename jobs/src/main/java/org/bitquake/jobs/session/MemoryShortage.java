package org.bitquake.jobs.session;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.bitquake.Text;

/** What a task's or the driver's end for want of memory looks like, and what to do about it. */
public final class MemoryShortage {
  private static final long MIB = 1 << 20;

  /** Java's heap is full; 52 is the exit code of an executor that ends for it. */
  private static final Pattern HEAP =
      Pattern.compile("OutOfMemoryError|(?i:exit(ed)? (with )?(exit )?(code|status):? 52\\b)");

  /** The machine or the cluster ends processes that take more than they asked for. */
  private static final Pattern PROCESS =
      Pattern.compile(
          "(?i)exceeding (physical |virtual )?memory limits|exit(ed)? (with )?(exit )?(code|status):? 137\\b");

  private MemoryShortage() {}

  /** The line for people if want of memory is behind a failure; empty if it is another one. */
  public static Optional<String> behind(Throwable failure) {
    return behind(failure, MemoryShortage::ofTasks);
  }

  /** The same for tasks with this memory; what is not Spark's to tell happened in the driver. */
  static Optional<String> behind(Throwable failure, Supplier<TaskMemory> tasks) {
    boolean task = false;
    boolean heap = false;
    boolean process = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      task |= cause instanceof SparkException;
      heap |= cause instanceof OutOfMemoryError || HEAP.matcher(message).find();
      process |= PROCESS.matcher(message).find();
    }
    if (heap) {
      return Optional.of(heap(task ? tasks.get() : ofDriver()));
    }
    return process ? Optional.of(process()) : Optional.empty();
  }

  private static TaskMemory ofTasks() {
    var session = SparkSession.getDefaultSession();
    return session.isDefined() ? TaskMemory.of(session.get().sparkContext()) : ofDriver();
  }

  private static TaskMemory ofDriver() {
    return new TaskMemory(Runtime.getRuntime().maxMemory(), 1, TaskMemory.DRIVER);
  }

  private static String heap(TaskMemory memory) {
    long there = memory.bytes() / MIB;
    return Text.of(
        "%,d MiB of memory were not enough%s: give more, … -- %s %dm, and run the same command again; what is committed is kept",
        there,
        memory.tasks() > 1 ? Text.of(" for %d tasks at once", memory.tasks()) : "",
        memory.option(),
        2 * there);
  }

  private static String process() {
    return "an executor was ended from outside, most likely since it took more memory than it had asked for: "
        + "give it more beside Java's heap, … -- --conf spark.executor.memoryOverhead=2g, and run the same command again; what is committed is kept";
  }
}
