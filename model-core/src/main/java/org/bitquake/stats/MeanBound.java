package org.bitquake.stats;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The Chernoff bound of {@link MeanInterval}. By Lagrange duality, every λ &gt; 0 and μ &gt; 0 give
 * an upper limit, max_p Σ W_h p_h + μ (G(λ, p) − ln level), with G the logarithm of the bound,
 * concave in p: the search for the best of them can only be too careful, never wrong.
 */
final class MeanBound {
  private static final int STEPS = 48;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final List<SampledPart> parts;
  private final double[] low;
  private final double[] high;
  private final double[] weight;
  private double largestUnit;
  private double observed;

  /**
   * @param low of each part's mean
   * @param high of each part's mean
   */
  MeanBound(List<SampledPart> parts, double[] low, double[] high) {
    this.parts = parts.stream().toList();
    this.low = low;
    this.high = high;
    this.weight = new double[parts.size()];
    double population = parts.stream().mapToLong(SampledPart::population).sum();
    for (int h = 0; h < weight.length; h++) {
      var part = parts.get(h);
      weight[h] = part.population() / population;
      if (part.sample() > 0) {
        largestUnit = Math.max(largestUnit, unit(h));
        observed += unit(h) * part.sum();
      }
    }
  }

  /** What one unit of the sum of a part adds to the estimate. */
  private double unit(int h) {
    return weight[h] / parts.get(h).sample();
  }

  /** The upper limit that holds with 1 − level. */
  double upper(double level) {
    double most = 0;
    for (int h = 0; h < weight.length; h++) {
      most += weight[h] * high[h];
    }
    if (largestUnit == 0) {
      return most;
    }
    double log = StrictMath.log(level);
    double best =
        least(
            StrictMath.log(1e-6 / largestUnit),
            StrictMath.log(60 / largestUnit),
            s -> {
              double lambda = StrictMath.exp(s);
              // Near the solution λ and 1/μ are of one size: d(limit) / d(ln level) is about 1/λ.
              return least(-s - 12, -s + 12, m -> limit(lambda, StrictMath.exp(m), log));
            });
    return Math.min(most, best);
  }

  /** The least value that golden-section search finds. */
  private static double least(double from, double to, DoubleUnaryOperator f) {
    double a = to - GOLDEN * (to - from);
    double b = from + GOLDEN * (to - from);
    double fa = f.applyAsDouble(a);
    double fb = f.applyAsDouble(b);
    double best = Math.min(fa, fb);
    double start = from;
    double end = to;
    for (int step = 0; step < STEPS; step++) {
      if (fa <= fb) {
        end = b;
        b = a;
        fb = fa;
        a = end - GOLDEN * (end - start);
        fa = f.applyAsDouble(a);
      } else {
        start = a;
        a = b;
        fa = fb;
        b = start + GOLDEN * (end - start);
        fb = f.applyAsDouble(b);
      }
      best = Math.min(best, Math.min(fa, fb));
    }
    return best;
  }

  private double limit(double lambda, double mu, double log) {
    double value = mu * (lambda * observed - log);
    for (int h = 0; h < weight.length; h++) {
      double p = parts.get(h).sample() == 0 ? high[h] : best(h, lambda, mu);
      value += weight[h] * p;
      if (parts.get(h).sample() > 0) {
        value += mu * exponent(h, lambda, p);
      }
    }
    return value;
  }

  /** The p that maximises W p + μ · {@link #exponent}, where its derivative is 0. */
  private double best(int h, double lambda, double mu) {
    var part = parts.get(h);
    double x = lambda * unit(h);
    long unseen = part.population() - part.sample();
    double p;
    if (part.sample() <= unseen) {
      p = -1 / StrictMath.expm1(-x) - mu / unit(h);
    } else {
      double slope = mu * x * part.population() - weight[h];
      p = slope <= 0 ? 1 : mu * unseen / slope - 1 / StrictMath.expm1(x);
    }
    return Math.max(low[h], Math.min(high[h], p));
  }

  /** ln of the bound of E exp(−λ W ȳ), where the mean is p. */
  private double exponent(int h, double lambda, double p) {
    var part = parts.get(h);
    double x = lambda * unit(h);
    long unseen = part.population() - part.sample();
    return part.sample() <= unseen
        ? part.sample() * StrictMath.log1p(p * StrictMath.expm1(-x))
        : unseen * StrictMath.log1p(p * StrictMath.expm1(x)) - x * part.population() * p;
  }
}
