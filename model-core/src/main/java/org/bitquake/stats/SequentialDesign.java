package org.bitquake.stats;

import org.bitquake.Text;

/**
 * A campaign that goes on until every interval is narrow enough: fixed-width sequential estimation
 * (Chow and Robbins, 1965) in waves. Each decision is a function of the trials so far alone.
 *
 * <p>{@link #LEAST_TRIALS} come first: with fewer, rare fault maps that ruin a network are easily
 * missed and the interval is narrow by luck. By simulation 95 % intervals then cover 94.5 % or
 * more.
 *
 * @param halfWidth wanted, as a fraction of 1
 * @param most trials of a cell at most
 */
public record SequentialDesign(double halfWidth, long most) {
  /** Trials of every cell before the first decision. */
  public static final long LEAST_TRIALS = 256;

  /** Trials that a cell gains at least from a wave, so that waves are few. */
  private static final long LEAST_STEP = 32;

  /** A cell grows at most this much in a wave: its spread is not known well enough for more. */
  private static final long GROWTH = 3;

  private static final double MARGIN = 1.02;

  public SequentialDesign {
    if (!(halfWidth > 0 && halfWidth < 1) || most < 2) {
      throw new IllegalArgumentException(Text.of("no design of ±%s, %d trials", halfWidth, most));
    }
  }

  /** Trials of the first wave. */
  public long first() {
    return Math.min(LEAST_TRIALS, most);
  }

  /** True if the estimate needs no more trials. */
  public boolean isMet(CellEstimate estimate) {
    boolean narrow =
        estimate.halfWidth().isPresent() && estimate.halfWidth().getAsDouble() <= halfWidth;
    return estimate.interval() == CellEstimate.Interval.EXACT
        || (narrow && estimate.trials() >= first());
  }

  /**
   * Trials that a cell should have after the next wave; {@code done} if it needs no more, or may
   * have no more.
   *
   * @param done trials run, failed ones too
   */
  public long next(CellEstimate estimate, long done) {
    if (done == 0) {
      return first();
    }
    if (isMet(estimate) || done >= most) {
      return done;
    }
    double ratio =
        estimate.halfWidth().isPresent() ? estimate.halfWidth().getAsDouble() / halfWidth : GROWTH;
    double wanted = Math.ceil(done * Math.min(GROWTH, MARGIN * ratio * ratio));
    return Math.min(most, Math.max(done + LEAST_STEP, (long) wanted));
  }
}
