package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeanIntervalTest {
  private static final double CONFIDENCE = 0.95;

  @ParameterizedTest
  @CsvSource({"50, 20, 7", "1000, 300, 2", "245880, 9604, 800", "245880, 9604, 245879", "9, 9, 4"})
  void tailsAreThoseOfTheHypergeometricLaw(int population, int sample, int marked) {
    var law = HypergeometricDistribution.of(population, marked, sample);
    for (int x = law.getSupportLowerBound(); x <= law.getSupportUpperBound(); x += 1 + x / 20) {
      double expected = law.cumulativeProbability(x);
      assertThat(Hypergeometric.atMost(population, sample, marked, x))
          .isCloseTo(expected, within(1e-11 + 1e-8 * expected));
    }
    assertThat(Hypergeometric.atMost(population, sample, marked, -1)).isZero();
  }

  /** Every number of successes of every small population: all outcomes, all probabilities. */
  @Test
  void theExactIntervalCoversInEveryPopulation() {
    for (int population : new int[] {1, 2, 7, 30, 61}) {
      for (int sample = 1; sample <= population; sample++) {
        double[] low = new double[sample + 1];
        double[] high = new double[sample + 1];
        for (int x = 0; x <= sample; x++) {
          var interval = interval(SampledPart.proportion(population, sample, x));
          low[x] = interval.low();
          high[x] = interval.high();
          assertThat(interval.mean()).hasValue((double) x / sample);
        }
        for (int marked = 0; marked <= population; marked++) {
          double p = (double) marked / population;
          double covered = 0;
          var law = HypergeometricDistribution.of(population, marked, sample);
          for (int x = law.getSupportLowerBound(); x <= law.getSupportUpperBound(); x++) {
            covered += low[x] <= p + 1e-12 && p <= high[x] + 1e-12 ? law.probability(x) : 0;
          }
          assertThat(covered)
              .as("N %d n %d M %d", population, sample, marked)
              .isGreaterThanOrEqualTo(CONFIDENCE);
        }
      }
    }
  }

  private static MeanInterval interval(SampledPart... parts) {
    return MeanInterval.of(List.of(parts), CONFIDENCE);
  }

  /** Two strata, all populations, all outcomes. */
  @ParameterizedTest
  @CsvSource({"12, 5, 20, 4", "6, 6, 25, 9", "10, 8, 10, 8", "3, 1, 40, 12"})
  void theStratifiedIntervalCoversInEveryPopulation(int n1, int s1, int n2, int s2) {
    Map<List<Integer>, MeanInterval> intervals = new HashMap<>();
    for (int m1 = 0; m1 <= n1; m1++) {
      for (int m2 = 0; m2 <= n2; m2++) {
        double p = (double) (m1 + m2) / (n1 + n2);
        double covered = 0;
        for (int x1 = 0; x1 <= Math.min(s1, m1); x1++) {
          for (int x2 = 0; x2 <= Math.min(s2, m2); x2++) {
            double probability =
                HypergeometricDistribution.of(n1, m1, s1).probability(x1)
                    * HypergeometricDistribution.of(n2, m2, s2).probability(x2);
            int a = x1;
            int b = x2;
            if (probability > 0) {
              var its =
                  intervals.computeIfAbsent(
                      List.of(x1, x2),
                      key ->
                          interval(
                              SampledPart.proportion(n1, s1, a),
                              SampledPart.proportion(n2, s2, b)));
              covered += its.low() <= p + 1e-12 && p <= its.high() + 1e-12 ? probability : 0;
            }
          }
        }
        assertThat(covered).as("%d and %d", m1, m2).isGreaterThanOrEqualTo(CONFIDENCE);
      }
    }
  }

  /**
   * Rare outcomes in five strata: whatever is seen is a total of few, so all totals can be
   * enumerated as the sum of independent counts of which each is 0, 1, 2 … at most.
   */
  @ParameterizedTest
  @CsvSource({"1", "3", "8", "15"})
  void rareOutcomesInManyStrataAreCovered(int perStratum) {
    int strata = 5;
    int population = 4000;
    int sample = 400;
    var law = HypergeometricDistribution.of(population, perStratum, sample);
    double p = (double) perStratum / population;
    double covered =
        enumerate(strata, sample, population, law, p, new ArrayList<>(), 1, new HashMap<>());
    assertThat(covered).isGreaterThanOrEqualTo(CONFIDENCE);
  }

  /**
   * The interval does not depend on the order of equal strata: counts in falling order are enough.
   */
  private static double enumerate(
      int strata,
      int sample,
      int population,
      HypergeometricDistribution law,
      double p,
      List<Integer> counts,
      double probability,
      Map<List<Integer>, Boolean> known) {
    if (counts.size() == strata) {
      double orders = permutations(counts);
      boolean covers =
          known.computeIfAbsent(
              counts,
              key -> {
                var parts =
                    key.stream().map(x -> SampledPart.proportion(population, sample, x)).toList();
                var its = MeanInterval.of(parts, CONFIDENCE);
                return its.low() <= p && p <= its.high();
              });
      return covers ? probability * orders : 0;
    }
    double covered = 0;
    int most = counts.isEmpty() ? 12 : counts.get(counts.size() - 1);
    for (int x = 0; x <= most; x++) {
      double next = probability * law.probability(x);
      if (next > 1e-9) {
        var longer = new ArrayList<>(counts);
        longer.add(x);
        covered += enumerate(strata, sample, population, law, p, longer, next, known);
      }
    }
    return covered;
  }

  private static double permutations(List<Integer> counts) {
    double result = 1;
    Map<Integer, Integer> times = new HashMap<>();
    for (int i = 0; i < counts.size(); i++) {
      result *= (i + 1.0) / times.merge(counts.get(i), 1, Integer::sum);
    }
    return result;
  }

  /** Values of 0, ⅓ and 1 in a population of 14: all samples of 5, by counts. */
  @Test
  void meansOfAnyValuesAreCovered() {
    int population = 14;
    int sample = 5;
    for (int thirds = 0; thirds <= population; thirds++) {
      for (int ones = 0; ones + thirds <= population; ones++) {
        int zeros = population - thirds - ones;
        double mean = (thirds / 3.0 + ones) / population;
        double covered = 0;
        for (int t = 0; t <= Math.min(sample, thirds); t++) {
          for (int o = 0; o + t <= sample && o <= ones; o++) {
            if (sample - t - o <= zeros) {
              double probability =
                  choose(thirds, t)
                      * choose(ones, o)
                      * choose(zeros, sample - t - o)
                      / choose(population, sample);
              var its = interval(new SampledPart(population, sample, t / 3.0 + o, false));
              covered += its.low() <= mean + 1e-12 && mean <= its.high() + 1e-12 ? probability : 0;
            }
          }
        }
        assertThat(covered).isGreaterThanOrEqualTo(CONFIDENCE);
      }
    }
  }

  private static double choose(int n, int k) {
    double result = 1;
    for (int i = 1; i <= k; i++) {
      result *= (n - k + i) / (double) i;
    }
    return Math.rint(result);
  }

  @Test
  void aCompletePopulationIsKnownExactly() {
    var both = interval(SampledPart.proportion(10, 10, 3), SampledPart.proportion(30, 30, 1));
    assertThat(both).isEqualTo(new MeanInterval(both.mean(), 0.1, 0.1));
    var value = interval(new SampledPart(7, 7, 3.5, false));
    assertThat(value.low()).isEqualTo(0.5);
    assertThat(value.high()).isEqualTo(0.5);
  }

  /** With nothing seen, e^(−n p) bounds the chance of that: p ≤ ln(2/0.05)/n, as for Poisson. */
  @Test
  void nothingSeenBoundsTheRate() {
    var none = interval(new SampledPart(1L << 40, 10_000, 0, false));
    assertThat(none.low()).isZero();
    assertThat(none.high()).isCloseTo(Math.log(40) / 10_000, within(2e-6));
    var exact = interval(SampledPart.proportion(1L << 40, 10_000, 0));
    assertThat(exact.high()).isCloseTo(Math.log(40) / 10_000, within(2e-6));
  }

  /** Ten unlike strata know their sum far better than the sum of their limits. */
  @Test
  void strataAreCombinedNotAdded() {
    List<SampledPart> parts = new ArrayList<>();
    double added = 0;
    for (int h = 0; h < 10; h++) {
      var part = SampledPart.proportion(100_000, 2000, 20 + 30 * h);
      parts.add(part);
      var alone = MeanInterval.of(List.of(part), 1 - 0.05 / 10);
      added += (alone.high() - alone.low()) / 10;
    }
    var together = MeanInterval.of(parts, CONFIDENCE);
    assertThat(together.high() - together.low()).isLessThan(added / 2.2);
    assertThat(together.low()).isLessThan(together.mean().orElseThrow());
  }

  @Test
  void aPartThatWasNotSampledMayBeAnything() {
    var its = interval(SampledPart.proportion(50, 50, 0), SampledPart.proportion(50, 0, 0));
    assertThat(its.mean()).isEmpty();
    assertThat(its.low()).isCloseTo(0, within(1e-12));
    assertThat(its.high()).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void refusesWhatIsNoSample() {
    assertThatThrownBy(() -> SampledPart.proportion(3, 4, 1))
        .hasMessageContaining("no sample of 4");
    assertThatThrownBy(() -> SampledPart.proportion(5, 4, 5)).hasMessageContaining("no sum");
    assertThatThrownBy(() -> new SampledPart(5, 4, 0.5, true)).hasMessageContaining("no sample");
  }
}
