package org.bitquake.jobs.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FSError;

/** What file systems say when they take no more: there is no room, or no right. */
public final class Refusal {
  /** What to do about it. */
  public static final String FIX =
      "make room (there and in Spark's local directory) or get the right, and run the same command again";

  private static final List<String> REFUSALS =
      List.of("No space left", "quota", "Read-only file system", "Permission denied");

  private Refusal() {}

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
