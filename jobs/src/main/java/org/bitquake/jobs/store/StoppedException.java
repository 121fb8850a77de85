package org.bitquake.jobs.store;

import org.bitquake.Text;

/** A run ends early, because the user asked it to; everything it finished is committed. */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param who asked
   */
  StoppedException(String who) {
    super(
        Text.of(
            "stopped as %s asked; what is committed is kept, run the same command again to go on",
            who));
  }
}
