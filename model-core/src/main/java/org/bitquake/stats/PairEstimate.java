package org.bitquake.stats;

import java.util.OptionalDouble;

/**
 * Difference between the mean accuracies of two cells, a − b, with its confidence interval: the
 * golden difference, which is known, plus the mean change of the difference over the trials that
 * both have. Both see the same faulty cells and images in a trial, so much of the spread cancels.
 *
 * @param difference empty if there is neither a trial nor certainty
 * @param halfWidth empty if it is unknown
 */
public record PairEstimate(OptionalDouble difference, OptionalDouble halfWidth) {
  /** Largest |change of the difference| of a trial. */
  private static final double LARGEST = 2;

  /**
   * Estimates a pair.
   *
   * @param cleanDifference difference of the accuracies without faults, over all images
   * @param exact whether no fault can occur in either cell
   * @param confidence of the interval, such as 0.95
   */
  public static PairEstimate of(
      PairTally tally, double cleanDifference, boolean exact, double confidence) {
    if (exact) {
      return new PairEstimate(OptionalDouble.of(cleanDifference), OptionalDouble.of(0));
    }
    if (tally.trials() == 0) {
      return new PairEstimate(OptionalDouble.empty(), OptionalDouble.empty());
    }
    var difference = OptionalDouble.of(cleanDifference + tally.mean());
    if (tally.trials() == 1) {
      return new PairEstimate(difference, OptionalDouble.empty());
    }
    double alpha = 1 - confidence;
    double half =
        tally.allEqual()
            ? Intervals.unseen(tally.trials(), LARGEST + Math.abs(tally.mean()), alpha)
            : Intervals.student(tally.trials(), tally.variance(), tally.thirdMoment(), alpha)
                / tally.unit();
    return new PairEstimate(difference, OptionalDouble.of(half));
  }
}
