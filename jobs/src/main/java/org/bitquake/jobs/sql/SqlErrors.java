package org.bitquake.jobs.sql;

import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.bitquake.InputException;

/** Spark's complaints about a statement, as one line for the person who wrote it. */
public final class SqlErrors {
  private static final int LONGEST = 400;

  private SqlErrors() {}

  /**
   * The user error behind a failure, if it is one: an {@link InputException}, SQL that Spark cannot
   * parse or resolve, or a value that the statement's own functions cannot take.
   */
  public static Optional<InputException> userError(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InputException wrong) {
        return Optional.of(wrong);
      }
      // Scala does not declare exceptions: an AnalysisException may fly anywhere.
      boolean sql =
          cause instanceof AnalysisException
              || (cause instanceof SparkThrowable spark && isUserState(spark.getSqlState()));
      if (sql) {
        return Optional.of(new InputException(oneLine(cause.getMessage()), cause));
      }
    }
    return Optional.empty();
  }

  /** What to throw when a statement failed while it ran: one line, unless it is a bug of ours. */
  static RuntimeException ofStatement(Exception failure) {
    var user = userError(failure);
    if (user.isPresent()) {
      return user.get();
    }
    if (failure instanceof SparkException) { // a task failed: the statement, or the data it reads
      Throwable root = failure;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return new InputException("the statement failed: " + oneLine(root.getMessage()), failure);
    }
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  /** SQLSTATE classes 21 and 22: cardinality and data exceptions; 42: syntax and names. */
  private static boolean isUserState(String state) {
    return state != null && (state.startsWith("2") || state.startsWith("42"));
  }

  /** Without the error class, the quoted statement and the plan that Spark appends. */
  static String oneLine(String message) {
    if (message == null) {
      return "Spark cannot run this statement";
    }
    String text = message.strip().split("== SQL", 2)[0].split(";\\s*\n\\s*['+:]", 2)[0];
    text = text.replaceFirst("^\\[[A-Z_.0-9]+\\]\\s*", "").strip().replaceAll("\\s*\n\\s*", " ");
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
