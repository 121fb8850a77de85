package org.bitquake.jobs.store;

import org.bitquake.Text;

/**
 * Cuts a job into waves: contiguous ranges of its trials (single faults, grid points, slices of
 * images), of equal size but for rounding.
 *
 * <p>The cut follows from the work to do alone, never from the machine, so that a job begun on one
 * machine can go on on another. A wave should take seconds (what a kill can lose) and be much
 * longer than Spark needs to start and commit it. Many cores run several at a time; large jobs have
 * larger ones, a hundredth of the work, so that starting and committing them costs little.
 *
 * @param trials numbers 0 … trials − 1
 * @param waves at least 1, at most {@code trials}
 */
public record WavePlan(long trials, int waves) {
  /** About ten seconds of one core. */
  private static final double MACS = 1e12;

  /** About what one core does. */
  public static final double MACS_PER_SECOND = 1e11;

  /** A shorter task costs more to start than it does. */
  private static final double TASK_SECONDS = 0.5;

  /** However small a job is, it is cut into as many tasks. */
  public static final int FEW_TASKS = 4;

  /** As many waves as work alone asks for. */
  private static final int MANY = 100;

  /** The part of the work done that the next wave of an adaptive campaign may be. */
  private static final double GROWTH = 0.25;

  /** What one task can sort and write without effort, also twice as many. */
  private static final double ROWS = 500_000;

  private static final long LEAST_TRIALS = 8;
  private static final int MOST_WAVES = 100_000;

  public WavePlan {
    if (waves < 1 || waves > trials) {
      throw new IllegalArgumentException(Text.of("no %d waves of %d trials", waves, trials));
    }
  }

  /**
   * Plans a campaign.
   *
   * @param rowsPerTrial rows of one trial number
   * @param macsPerTrial multiply-accumulates of one trial number
   */
  public static WavePlan of(long trials, int rowsPerTrial, long macsPerTrial) {
    double all = (double) trials;
    double byWork = Math.min(Math.min(all * macsPerTrial / MACS, all / LEAST_TRIALS), MANY);
    double byRows = all * rowsPerTrial / ROWS;
    double waves = Math.max(2, Math.ceil(Math.max(byWork, byRows)));
    return new WavePlan(trials, (int) Math.min(Math.min(waves, MOST_WAVES), all));
  }

  /**
   * The part of some work that makes a wave, at most 1. Waves grow with what is done, so that there
   * are never many of them one after the other.
   *
   * @param macs multiply-accumulates of the work
   * @param rows of the work
   * @param macsDone of the waves before
   * @param rowsDone of the waves before
   */
  public static double share(double macs, double rows, double macsDone, double rowsDone) {
    double byWork = Math.max(MACS, GROWTH * macsDone) / macs;
    double byRows = Math.max(ROWS, GROWTH * rowsDone) / rows;
    return Math.min(1, Math.min(byWork, byRows));
  }

  /** About how many waves an adaptive campaign of so much work takes. */
  public static int adaptive(double macs, double rows) {
    return (int) Math.max(2, Math.ceil(Math.max(growing(macs, MACS), growing(rows, ROWS))));
  }

  /** Waves of one size, and then of a part of what is done. */
  private static double growing(double all, double first) {
    double even = first / GROWTH;
    return all <= even ? all / first : 1 / GROWTH + Math.log(all / even) / Math.log1p(GROWTH);
  }

  /** Into how many files to write so many rows. */
  public static int files(long rows) {
    return (int) Math.max(1, Math.ceil(rows / (2 * ROWS)));
  }

  /**
   * About how long a wave takes one core.
   *
   * @param macsPerTrial multiply-accumulates of one trial number
   */
  public double seconds(long macsPerTrial) {
    return (double) trials / waves * macsPerTrial / MACS_PER_SECOND;
  }

  /**
   * Into how many tasks to cut a wave: no more than keep all cores busy, and none too short.
   *
   * @param macs multiply-accumulates of the wave
   * @param most of all waves that run at the same time
   * @param atOnce how many these are
   */
  public static int tasks(double macs, int most, int atOnce) {
    double worthIt = Math.ceil(macs / MACS_PER_SECOND / TASK_SECONDS);
    double its = Math.ceil((double) most / atOnce);
    return (int) Math.min(most, Math.max(FEW_TASKS, Math.min(its, worthIt)));
  }

  /** The first trial number of a wave, counted from 0. */
  public long first(int wave) {
    return trials / waves * wave + trials % waves * wave / waves;
  }

  /** One past the last trial number of a wave. */
  public long end(int wave) {
    return first(wave + 1);
  }
}
