package org.bitquake.jobs.cli;

/** What the process tells its caller. */
public final class ExitCode {
  public static final int DONE = 0;

  /** A bug: a stack trace was printed. */
  public static final int BUG = 1;

  /**
   * What was to be compared or looked over is not as it should be, which was printed: a row that
   * was run again differs, or {@code doctor} found a problem. No stack trace, so no bug.
   */
  public static final int AMISS = 1;

  /** The user's input is wrong: one line was printed. */
  public static final int WRONG_INPUT = 2;

  /** Everything ran, but some trials failed. */
  public static final int FAILED_TRIALS = 3;

  /** A result directory is not sound: a line for each finding was printed. */
  public static final int UNSOUND = 4;

  /** Ended early, as the user asked; the same command goes on. */
  public static final int STOPPED = 5;

  /** No protection that is allowed was confirmed to keep the target. */
  public static final int UNREACHED = 6;

  private ExitCode() {}
}
