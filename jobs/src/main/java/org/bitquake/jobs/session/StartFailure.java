package org.bitquake.jobs.session;

import java.io.IOException;
import org.apache.spark.SparkException;
import org.bitquake.InputException;
import org.bitquake.Text;

/** What Spark threw instead of starting, for people. */
final class StartFailure {
  private StartFailure() {}

  /**
   * What to throw: an {@link InputException} where settings or surroundings are the reason, the
   * failure itself where it is a bug.
   */
  static RuntimeException explained(Exception failure, String master) {
    if (failure instanceof InputException wrong) {
      return wrong;
    }
    if (isOfTheSurroundings(failure)) {
      return new InputException(
          Text.of(
              "Spark does not start with master %s: %s; correct the setting or what it names (submit/bitquake doctor looks over the machine)",
              master, reason(failure)),
          failure);
    }
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  /** No code of ours runs while Spark starts; it tells wrong settings in these ways. */
  private static boolean isOfTheSurroundings(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkException
          || cause instanceof IOException
          || cause instanceof IllegalArgumentException) {
        return true;
      }
    }
    return false;
  }

  /** What the innermost cause says, in one line. */
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : root.getMessage().strip();
    message = message.replaceFirst("(?s)\\R\\s+at .*", ""); // the other side's stack trace
    return message.isEmpty() ? root.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }
}
