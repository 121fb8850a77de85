package org.bitquake.stats;

import org.bitquake.Text;

/**
 * How many images a trial should look at: those that give the narrowest interval for the work. With
 * T trials of n images the variance is (σ² + (1 − n/N)·w/n) / T and the work (c₀ + c₁·n)·T, so the
 * best n is near √(c₀/c₁ · w/σ²).
 *
 * <p>Costs are a model, not a measurement: the choice must be the same on every machine.
 *
 * @param perTrial c₀, nanoseconds to prepare a trial
 * @param perImage c₁, nanoseconds for an image
 */
public record ImageDesign(double perTrial, double perImage) {
  /** Engines work on so many images at once. */
  private static final int STEP = 32;

  private static final double FIXED = 10_000;
  private static final double PER_FAULT = 10;
  private static final double PER_WEIGHT = 0.2;
  private static final double PER_MAC = 0.012;

  public ImageDesign {
    if (!(perTrial > 0 && perImage > 0)) {
      throw new IllegalArgumentException(
          Text.of("costs of %s and %s are not positive", perTrial, perImage));
    }
  }

  /**
   * The model, from engines measured on one core of a current server.
   *
   * @param faults expected number of faulty cells
   */
  public static ImageDesign of(long macs, long weights, double faults) {
    return new ImageDesign(FIXED + PER_WEIGHT * weights + PER_FAULT * faults, PER_MAC * macs);
  }

  /**
   * The best n of the form 32·2^k below N; N itself where that is the smallest choice.
   *
   * @param population number of images N
   */
  public int best(VarianceComponents variance, int population) {
    int best = Math.min(STEP, population);
    for (long n = best; n < population; n *= 2) {
      best =
          work(variance, (int) n, population) < work(variance, best, population) ? (int) n : best;
    }
    return best;
  }

  /** Nanoseconds for an interval of unit variance. */
  public double work(VarianceComponents variance, int images, int population) {
    return (perTrial + perImage * images) * variance.ofTrial(images, population);
  }
}
