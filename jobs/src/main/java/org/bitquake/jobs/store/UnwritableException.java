package org.bitquake.jobs.store;

import org.bitquake.InputException;

/** A file cannot be written where the user wants it: no room, no right, no connection. */
final class UnwritableException extends InputException {
  private static final long serialVersionUID = 1L;

  UnwritableException(String message, Throwable cause) {
    super(message, cause);
  }
}
