package org.bitquake.protect.search;

import org.bitquake.protect.ProtectedLayout.Cost;
import org.bitquake.stats.DifferenceTally;

/**
 * A design and what is known of it.
 *
 * @param tally of its trials; none where no cell can fail
 * @param clean accuracy without faults, 0…1
 */
public record Measured(Design design, Cost cost, DifferenceTally tally, double clean) {
  /**
   * Estimated accuracy that faults cost, as a share of 1; below 0 by chance, or where they help.
   */
  public double loss() {
    return tally.trials() == 0
        ? 0
        : -(double) tally.sumDifference() / tally.images() / tally.trials();
  }

  /** Estimated mean accuracy. */
  public double accuracy() {
    return clean - loss();
  }

  /** Standard error of the accuracy. */
  public double error() {
    return tally.trials() < 2
        ? 0
        : Math.sqrt(tally.differenceVariance() / tally.trials()) / tally.images();
  }

  /** Whether its accuracy reaches a target with so many standard errors to spare. */
  boolean reaches(double target, double errors) {
    return accuracy() - errors * error() >= target;
  }
}
