package org.bitquake.stats;

import org.bitquake.Text;

/**
 * Where the spread of a cell's trials comes from: Var(d/n) = σ² + (1 − n/N) · w / n.
 *
 * @param betweenMaps σ², variance over fault maps of the change of accuracy on all N images
 * @param withinMap w, mean over fault maps of the variance over images (divisor N − 1) of an
 *     image's change: −1 broken, +1 repaired, 0 neither
 */
public record VarianceComponents(double betweenMaps, double withinMap) {
  public VarianceComponents {
    if (!(betweenMaps >= 0 && withinMap >= 0)) {
      throw new IllegalArgumentException(
          Text.of("variances of %s and %s are not ≥ 0", betweenMaps, withinMap));
    }
  }

  /**
   * Estimates both from trials of 2 ≤ n images.
   *
   * @param tally of at least two trials
   * @param population number of images N
   */
  public static VarianceComponents of(DifferenceTally tally, int population) {
    if (tally.images() < 2) {
      throw new IllegalArgumentException(
          "one image a trial tells nothing of the spread over images");
    }
    double n = tally.images();
    double t = tally.trials();
    // Within a trial Σe² = changed and Σe = d, so its sample variance is (changed − d²/n)/(n − 1).
    double within = (tally.sumChanged() - tally.sumSquaredDifference() / n) / (n - 1) / t;
    double ofTrial = tally.differenceVariance() / (n * n);
    double between = ofTrial - (1 - n / population) * within / n;
    return new VarianceComponents(Math.max(0, between), Math.max(0, within));
  }

  /**
   * As {@link #of}, but σ² is at least one standard error of the trials' variance (s² · √(2/(T −
   * 1))): what a design may rely on. An estimate of 0 by chance would ask for all images.
   */
  public static VarianceComponents cautious(DifferenceTally tally, int population) {
    var estimate = of(tally, population);
    double n = tally.images();
    double error = tally.differenceVariance() / (n * n) * Math.sqrt(2.0 / (tally.trials() - 1));
    return new VarianceComponents(Math.max(error, estimate.betweenMaps), estimate.withinMap);
  }

  /** Variance of d/n, the change of accuracy that one trial of {@code images} images sees. */
  public double ofTrial(int images, int population) {
    return betweenMaps + (1 - (double) images / population) * withinMap / images;
  }
}
