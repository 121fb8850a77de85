package org.bitquake.jobs.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;
import org.bitquake.Text;

/** What file systems say when they take no more: there is no room, or no right. */
public final class Refusal {
  private static final List<String> REFUSALS =
      List.of("No space left", "quota", "Read-only file system", "Permission denied");

  private Refusal() {}

  /** What to do about it; a task may have met it in Spark's own directory. */
  public static String fix() {
    var spark = SparkEnv.get();
    String local =
        spark == null ? "" : " " + String.join(", ", Utils.getConfiguredLocalDirs(spark.conf()));
    return Text.of(
        "make room (there and in Spark's local directory%s) or get the right, and run the same command again",
        local);
  }

  /** The refusal behind a failure, here or in a task, as one line; empty if it is another one. */
  public static Optional<String> behind(Throwable failure) {
    Optional<String> refusal = Optional.empty();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AccessDeniedException denied) { // whose message is the file alone
        return Optional.of(denied.getFile() + ": Permission denied");
      }
      String why = String.valueOf(cause.getMessage());
      if ((cause instanceof IOException || cause instanceof FSError)
          && REFUSALS.stream().anyMatch(why::contains)) {
        refusal = Optional.of(why.strip().replaceAll("\\s+", " ")); // the innermost is plainest
      }
    }
    return refusal;
  }
}
