package org.bitquake.stats;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.bitquake.Text;

/**
 * Which of the sorted observations bound a quantile of the law that they come from, whatever that
 * law is: of n independent ones, the number below the quantile q is binomial, so the l-th and the
 * u-th smallest enclose it with probability at least P(l ≤ B(n, q) &lt; u). For laws with atoms,
 * such as counts of images, the interval covers even more often (David and Nagaraja, Order
 * Statistics, section 7.1).
 *
 * @param rank of the estimate, ⌈n·q⌉, counted from 1
 * @param low rank of the lower bound; 0 if there are too few observations for one
 * @param high rank of the upper bound; n + 1 if there are too few observations for one
 */
public record QuantileRanks(int rank, int low, int high) {

  /**
   * The ranks for one quantile; each bound is exceeded with probability at most (1 − confidence)/2.
   *
   * @param observations n, at least 1
   * @param quantile q, between 0 and 1
   * @param confidence level of the interval, between 0 and 1
   */
  public static QuantileRanks of(int observations, double quantile, double confidence) {
    if (observations < 1) {
      throw new IllegalArgumentException(Text.of("no quantile of %d observations", observations));
    }
    if (!(quantile > 0 && quantile < 1 && confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          Text.of("quantile %s and confidence %s must be between 0 and 1", quantile, confidence));
    }
    var below = new BinomialDistribution(null, observations, quantile);
    double tail = (1 - confidence) / 2;
    int rank = (int) Math.min(observations, Math.max(1, Math.ceil(observations * quantile)));
    return new QuantileRanks(rank, low(below, tail, rank), high(below, tail, rank));
  }

  /** The largest l with P(B &lt; l) ≤ tail. */
  private static int low(BinomialDistribution below, double tail, int rank) {
    int no = rank + 1; // too large: at the estimate's own rank the tail is about a half
    int yes = 0;
    while (no - yes > 1) {
      int middle = (yes + no) >>> 1;
      if (below.cumulativeProbability(middle - 1) <= tail) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return yes;
  }

  /** The smallest u with P(B ≥ u) ≤ tail. */
  private static int high(BinomialDistribution below, double tail, int rank) {
    int no = rank - 1;
    int yes = below.getNumberOfTrials() + 1;
    while (yes - no > 1) {
      int middle = (yes + no) >>> 1;
      if (1 - below.cumulativeProbability(middle - 1) <= tail) {
        yes = middle;
      } else {
        no = middle;
      }
    }
    return yes;
  }
}
