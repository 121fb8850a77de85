package org.bitquake.jobs.protect;

/** What to do where no protection was confirmed. */
public final class Advice {
  private Advice() {}

  /**
   * In words.
   *
   * @param reached whether something reached the target in the search
   */
  public static String of(boolean reached) {
    return reached
        ? "fresh trials did not confirm the target: allow more of them (trials.confirm)"
        : "allow more techniques or area, or ask for less";
  }
}
