package org.bitquake.stats;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The mean of a finite population of values in 0 … 1 from samples of its parts, with an interval
 * that holds whatever the values are, rare ones too.
 *
 * <p>One part, values 0 and 1: the exact hypergeometric interval. Otherwise the estimate T = Σ W_h
 * ȳ_h, W_h = N_h/N, is compared with what means p_h allow (Chernoff): for every λ, P(T ≤ t) is at
 * most exp(λt) Π_h E exp(−λ W_h ȳ_h), and each factor at most that of n_h independent values 0 and
 * 1 of mean p_h, or of the N_h − n_h members not seen, whichever are fewer (Hoeffding, 1963,
 * theorems 1 and 4, <a
 * href="https://doi.org/10.1080/01621459.1963.10500830">doi:10.1080/01621459.1963.10500830 </a>).
 * The upper limit is the largest Σ W_h p_h for which that is not below the level. The p_h are
 * confined to limits that hold for all parts together with nine tenths of the error left over
 * (Berger and Boos, 1994, <a href="https://doi.org/10.1080/01621459.1994.10476836">
 * doi:10.1080/01621459.1994.10476836</a>), so that strata that differ make the interval narrower. A
 * population that was seen completely has an interval of width 0.
 *
 * @param mean Σ W_h ȳ_h; empty if a part has no sample
 */
public record MeanInterval(OptionalDouble mean, double low, double high) {
  private static final double SHARE_OF_LIMITS = 0.1;

  /**
   * Makes an interval.
   *
   * @param parts that make up the population, at least one
   * @param confidence level, at least which the interval covers the mean with
   */
  public static MeanInterval of(List<SampledPart> parts, double confidence) {
    double error = 1 - confidence;
    double low = lower(parts, error);
    double high = upper(parts, error);
    var mean = mean(parts);
    if (parts.stream().allMatch(p -> p.sample() == p.population())) {
      return new MeanInterval(mean, mean.orElseThrow(), mean.orElseThrow());
    }
    return new MeanInterval(
        mean, Math.min(low, mean.orElse(low)), Math.max(high, mean.orElse(high)));
  }

  private static OptionalDouble mean(List<SampledPart> parts) {
    double population = parts.stream().mapToLong(SampledPart::population).sum();
    double sum = 0;
    for (var part : parts) {
      if (part.sample() == 0) {
        return OptionalDouble.empty();
      }
      sum += part.population() / population * (part.sum() / part.sample());
    }
    return OptionalDouble.of(sum);
  }

  private static double lower(List<SampledPart> parts, double error) {
    return 1 - upper(parts.stream().map(SampledPart::mirrored).toList(), error);
  }

  private static double upper(List<SampledPart> parts, double error) {
    if (parts.size() == 1) {
      return limit(parts.get(0), error / 2);
    }
    double each = error * SHARE_OF_LIMITS / (2 * parts.size());
    double[] low = new double[parts.size()];
    double[] high = new double[parts.size()];
    for (int i = 0; i < low.length; i++) {
      low[i] = 1 - limit(parts.get(i).mirrored(), each);
      high[i] = limit(parts.get(i), each);
    }
    return new MeanBound(parts, low, high).upper(error * (1 - SHARE_OF_LIMITS) / 2);
  }

  /** An upper limit of the mean of one part. */
  private static double limit(SampledPart part, double level) {
    if (!part.binary()) {
      double[] low = {part.least()};
      double[] high = {part.most()};
      return new MeanBound(List.of(part), low, high).upper(level);
    }
    long successes = (long) part.sum();
    return (double) Hypergeometric.upper(part.population(), part.sample(), successes, level)
        / part.population();
  }
}
