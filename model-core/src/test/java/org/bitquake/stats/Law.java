package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;

/**
 * Statistical checks against a law. Seeds are fixed and a correct generator passes each of them
 * with probability 1 − {@link #LEVEL}.
 */
public final class Law {
  /** Probability that a correct generator fails one check. */
  public static final double LEVEL = 1e-5;

  private Law() {}

  /** Pearson's χ² of counts against expected counts of the same total. */
  public static void assertFits(long[] observed, double[] expected) {
    double statistic = 0;
    for (int i = 0; i < observed.length; i++) {
      assertThat(expected[i]).as("expected count %d is large enough for χ²", i).isGreaterThan(5);
      statistic += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
    }
    var law = ChiSquaredDistribution.of(observed.length - 1);
    assertThat(statistic).as("χ²").isLessThan(law.inverseSurvivalProbability(LEVEL));
  }

  /** Pearson's χ² of counts that are all equally likely. */
  public static void assertUniform(long[] observed) {
    long total = 0;
    for (long count : observed) {
      total += count;
    }
    double[] expected = new double[observed.length];
    Arrays.fill(expected, (double) total / observed.length);
    assertFits(observed, expected);
  }

  /** χ² of two samples of the same law. */
  public static void assertSameLaw(long[] a, long[] b) {
    double totalA = Arrays.stream(a).sum();
    double totalB = Arrays.stream(b).sum();
    double statistic = 0;
    for (int i = 0; i < a.length; i++) {
      assertThat(a[i] + b[i]).as("count %d is large enough for χ²", i).isGreaterThan(10);
      double difference = a[i] * Math.sqrt(totalB / totalA) - b[i] * Math.sqrt(totalA / totalB);
      statistic += difference * difference / (a[i] + b[i]);
    }
    var law = ChiSquaredDistribution.of(a.length - 1);
    assertThat(statistic).as("two-sample χ²").isLessThan(law.inverseSurvivalProbability(LEVEL));
  }

  /** Both tails of the binomial law. */
  public static void assertBinomial(int successes, int trials, double probability) {
    assertBinomial(successes, trials, probability, LEVEL);
  }

  /**
   * The same at a level of its own, for one of many counts.
   *
   * @param level probability that a correct generator fails
   */
  public static void assertBinomial(int successes, int trials, double probability, double level) {
    var law = BinomialDistribution.of(trials, probability);
    assertThat(law.cumulativeProbability(successes))
        .as("%d or fewer of %d at %s", successes, trials, probability)
        .isGreaterThan(level / 2);
    assertThat(law.survivalProbability(successes - 1))
        .as("%d or more of %d at %s", successes, trials, probability)
        .isGreaterThan(level / 2);
  }
}
