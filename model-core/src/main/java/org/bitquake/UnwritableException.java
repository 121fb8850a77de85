package org.bitquake;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** A file cannot be written where the user wants it: no room, no right, no connection. */
public final class UnwritableException extends InputException {
  private static final long serialVersionUID = 1L;

  public UnwritableException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * One line: where, why and what to do.
   *
   * @param place the file or directory
   * @param failure what the file system threw
   */
  public static UnwritableException of(Object place, Throwable failure) {
    return new UnwritableException(
        Text.of(
            "%s: cannot be written: %s; make room there, get the right or see that it can be reached, and run the same command again",
            place, reason(failure)),
        failure);
  }

  /** Java's own exceptions have the file's name for a message, and the reason apart. */
  private static String reason(Throwable failure) {
    if (failure instanceof Error && failure.getCause() != null) { // Hadoop's, of a local disk
      return reason(failure.getCause());
    }
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    }
    String reason =
        failure instanceof FileSystemException e && e.getReason() != null
            ? e.getReason()
            : failure.getMessage();
    return String.valueOf(reason).strip().replaceAll("\\s+", " ");
  }
}
