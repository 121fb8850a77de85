package org.bitquake.stats;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.util.FastMath;

/**
 * Half-widths of confidence intervals for a mean; see {@link CellEstimate} for where they come
 * from. In plain Java arithmetic throughout: a stopping rule that reads them must decide alike on
 * every machine.
 */
final class Intervals {
  private Intervals() {}

  /** The quantile t_{degreesOfFreedom, 1−α/2}. */
  static double studentQuantile(long degreesOfFreedom, double alpha) {
    return -new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(alpha / 2);
  }

  /**
   * For integers: Student's interval, widened for skewness and by the continuity correction.
   *
   * @param trials T ≥ 2
   * @param variance sample variance, above 0
   * @param thirdMoment third central moment
   */
  static double student(long trials, double variance, double thirdMoment, double alpha) {
    double quantile = studentQuantile(trials - 1, alpha);
    double symmetric = quantile * Math.sqrt(variance / trials);
    double skewed = (2 * quantile * quantile + 1) / 6 * Math.abs(thirdMoment) / variance / trials;
    return symmetric + skewed + 0.5 / trials;
  }

  /**
   * Where all T ≥ 2 trials had the same value: the largest change of the mean that they would all
   * have missed with probability α.
   *
   * @param range how far another value may lie from theirs
   */
  static double unseen(long trials, double range, double alpha) {
    return -FastMath.expm1(FastMath.log(alpha) / (trials - 1)) * range;
  }
}
