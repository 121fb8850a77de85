package org.bitquake.stats;

import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.rng.simple.RandomSource;
import org.bitquake.Text;

/**
 * Pearson's and Spearman's correlation of paired values, with two-sided p-values of the permutation
 * test: how many of all orders of y are correlated with x at least as strongly. Makes no assumption
 * about distributions; with few pairs no p-value can be small.
 *
 * @param pairs how many
 * @param pearson NaN where one side is constant
 * @param pearsonP never below {@link #smallestP}
 * @param spearman Pearson's of the ranks, ties sharing their mean
 */
public record PermutationCorrelation(
    int pairs, double pearson, double pearsonP, double spearman, double spearmanP) {
  /** Up to so many pairs every order is tried; beyond, a random sample of them. */
  private static final int EXACT = 8;

  private static final int SAMPLE = 100_000;
  private static final long SEED = 1;

  /** Orders that differ by rounding alone are as strongly correlated. */
  private static final double ROUNDING = 1e-9;

  /**
   * Of at least three pairs.
   *
   * @throws IllegalArgumentException if there are fewer, or the lengths differ
   */
  public static PermutationCorrelation of(double[] x, double[] y) {
    if (x.length != y.length || x.length < 3) {
      throw new IllegalArgumentException(
          Text.of("%d and %d values: a correlation needs three pairs", x.length, y.length));
    }
    var ranking = new NaturalRanking();
    double[] xRanks = ranking.rank(x);
    double[] yRanks = ranking.rank(y);
    return new PermutationCorrelation(
        x.length, pearson(x, y), p(x, y), pearson(xRanks, yRanks), p(xRanks, yRanks));
  }

  /** The smallest p-value that so many pairs can have: that of the one strongest order. */
  public static double smallestP(int pairs) {
    if (pairs > EXACT) {
      return 1.0 / (SAMPLE + 1);
    }
    return 1.0 / IntStream.rangeClosed(1, pairs).reduce(1, (a, b) -> a * b);
  }

  private static double pearson(double[] x, double[] y) {
    return new PearsonsCorrelation().correlation(x, y);
  }

  private static double p(double[] x, double[] y) {
    double observed = Math.abs(pearson(x, y)) - ROUNDING;
    if (Double.isNaN(observed)) {
      return 1;
    }
    if (x.length > EXACT) {
      return sampled(x, y.clone(), observed);
    }
    long[] counts = new long[2]; // orders as strong, all orders
    permute(x, y.clone(), 0, observed, counts);
    return (double) counts[0] / counts[1];
  }

  private static void permute(double[] x, double[] y, int from, double observed, long[] counts) {
    if (from == y.length) {
      counts[0] += Math.abs(pearson(x, y)) >= observed ? 1 : 0;
      counts[1]++;
      return;
    }
    for (int i = from; i < y.length; i++) {
      swap(y, from, i);
      permute(x, y, from + 1, observed, counts);
      swap(y, from, i);
    }
  }

  /** Counting the observed order too keeps the test valid (Phipson and Smyth, 2010). */
  private static double sampled(double[] x, double[] y, double observed) {
    var random = RandomSource.XO_SHI_RO_256_PP.create(new long[] {SEED, 0, 1, 2});
    long strong = 1;
    for (int k = 0; k < SAMPLE; k++) {
      for (int i = y.length - 1; i > 0; i--) {
        swap(y, i, random.nextInt(i + 1));
      }
      strong += Math.abs(pearson(x, y)) >= observed ? 1 : 0;
    }
    return (double) strong / (SAMPLE + 1);
  }

  private static void swap(double[] values, int i, int j) {
    double value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}
