package org.bitquake.protect.search;

import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.bitquake.stats.CellEstimate;
import org.bitquake.stats.DifferenceTally;

/**
 * What may be claimed of designs that a search chose. Each finalist, of all networks together, gets
 * an equal share of the error (Bonferroni), and is judged by trials that the search did not see: so
 * with at least the confidence <em>none</em> of those that are confirmed misses its target,
 * whichever is chosen in the end, and however they were found.
 *
 * @param finalists of all networks together, at least one
 * @param confidence that holds for all claims together
 */
public record Confirmation(int finalists, double confidence) {
  private static final double POWER = 0.95;
  private static final long LEAST = 512;

  /** Intervals are wider for skewness, and so is what they need. */
  private static final double FOR_SKEWNESS = 1.4;

  /** The error of each claim. */
  double error() {
    return (1 - confidence) / finalists;
  }

  /**
   * How many trials it takes to confirm a design with probability {@value #POWER}, if it is as good
   * as the search found it less one standard error.
   *
   * @param most not to be exceeded
   */
  public long trials(Measured measured, double target, long most) {
    double margin = measured.accuracy() - measured.error() - target;
    if (measured.tally().trials() < 2 || margin <= 0) {
      return most;
    }
    var normal = new NormalDistribution(null, 0, 1);
    double quantiles =
        normal.inverseCumulativeProbability(1 - error())
            + normal.inverseCumulativeProbability(POWER);
    double deviation = Math.sqrt(measured.tally().differenceVariance()) / measured.tally().images();
    double trials = FOR_SKEWNESS * Math.pow(quantiles * deviation / margin, 2);
    return Math.max(Math.min(LEAST, most), Math.min(most, (long) Math.ceil(trials)));
  }

  /**
   * A lower bound of a design's accuracy: the lower end of the two-sided interval of twice the
   * error.
   *
   * @param fresh trials with a seed that the search did not use
   * @param goldenCorrect images of all that the network gets right without faults
   * @param population number of all images
   * @param perfect whether no cell can fail
   * @return empty where too few trials had a result
   */
  public Optional<Double> bound(
      DifferenceTally fresh, int goldenCorrect, int population, boolean perfect) {
    var estimate = CellEstimate.of(fresh, goldenCorrect, population, !perfect, 1 - 2 * error());
    return estimate.halfWidth().isEmpty() || estimate.meanAccuracy().isEmpty()
        ? Optional.empty()
        : Optional.of(estimate.meanAccuracy().getAsDouble() - estimate.halfWidth().getAsDouble());
  }

  /**
   * The winner of one network: the cheapest finalist whose bound reaches the target.
   *
   * @param bounds of each finalist; NaN where there is none
   */
  public static Optional<Measured> winner(
      List<Measured> finalists, double[] bounds, double target) {
    Optional<Measured> best = Optional.empty();
    for (int i = 0; i < bounds.length; i++) {
      var its = finalists.get(i);
      boolean cheaper = best.isEmpty() || its.cost().area() < best.get().cost().area();
      if (bounds[i] >= target && cheaper) {
        best = Optional.of(its);
      }
    }
    return best;
  }
}
