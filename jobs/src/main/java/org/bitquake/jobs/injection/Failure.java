package org.bitquake.jobs.injection;

import org.bitquake.Text;

/** What tables say of a trial that failed. */
public final class Failure {
  private static final int LONGEST = 200;

  private Failure() {}

  /** Class and message of what was thrown, on one line of bounded length. */
  public static String describe(Exception e) {
    String text =
        Text.of("%s: %s", e.getClass().getSimpleName(), e.getMessage())
            .replaceAll("[\\s\\p{Cntrl}]+", " ");
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
