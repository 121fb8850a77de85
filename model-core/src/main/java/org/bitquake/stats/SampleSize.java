package org.bitquake.stats;

import org.apache.commons.math3.special.Erf;
import org.bitquake.Text;

/**
 * How many faults a campaign of single faults injects to know a proportion (say, of faults that
 * change a prediction) within a margin of error: Leveugle, Calvez, Maistri and Vanhauwaert,
 * "Statistical fault injection: quantified error and confidence", DATE 2009, equation 4,
 *
 * <pre>n = N / (1 + e² · (N − 1) / (t² · q(1 − q)))</pre>
 *
 * with q = ½, the proportion that needs the most faults, and sampling without replacement from N
 * possible faults.
 *
 * @param margin e, half the width of the interval, as a fraction of 1
 * @param confidence level, which fixes t, the two-sided quantile of the normal law
 */
public record SampleSize(double margin, double confidence) {
  private static final double WORST_VARIANCE = 0.25; // q(1 − q) at q = ½

  public SampleSize {
    if (!(margin > 0 && margin < 1)) {
      throw new IllegalArgumentException("a margin is between 0 and 1, not " + margin);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("a confidence is between 0 and 1, not " + confidence);
    }
  }

  /** t, such as 1.96 at 95 % and 2.58 at 99 %. */
  public double quantile() {
    return Math.sqrt(2) * Erf.erfInv(confidence);
  }

  /** n before rounding, where N is without limit: t² · q(1 − q) / e². */
  public double ofInfinite() {
    double t = quantile();
    return t * t * WORST_VARIANCE / (margin * margin);
  }

  /**
   * n, rounded up so that the margin holds.
   *
   * @param population N, possible faults; at least 1
   * @return at most N
   */
  public long of(long population) {
    if (population < 1) {
      throw new IllegalArgumentException(Text.of("no sample of %d faults", population));
    }
    double size = population / (1 + (population - 1) / ofInfinite());
    return Math.min(population, (long) Math.ceil(size));
  }
}
