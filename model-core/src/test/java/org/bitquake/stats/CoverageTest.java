package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Estimates of campaigns whose truth is known: a finite population of fault maps, each of which
 * breaks a Beta-distributed share of the images that the golden network gets right and repairs a
 * few of the others; trials take a map and n images of the N at random.
 */
class CoverageTest {
  private static final int POPULATION = 2000;
  private static final int GOLDEN = 1800;
  private static final int MAPS = 4000;
  private static final int TRIALS = 100;
  private static final int CAMPAIGNS = 2000;

  @ParameterizedTest
  @CsvSource({"0.05, 0.05, 50", "0.2, 0.1, 25", "0.4, 0.2, 30", "0.2, 0.1, 2000"})
  void intervalsCoverTheTruthAndMeansAreUnbiased(double meanBroken, double spread, int images) {
    var random = RandomSource.XO_SHI_RO_256_PP.create(20240614);
    int[] broken = broken(random, meanBroken, spread);
    int[] repaired = new int[MAPS];
    double truth = 0;
    for (int map = 0; map < MAPS; map++) {
      repaired[map] = random.nextInt(POPULATION - GOLDEN) / 10;
      truth += (GOLDEN - broken[map] + repaired[map]) / (double) POPULATION / MAPS;
    }
    int covered = 0;
    double sum = 0;
    double sumOfSquares = 0;
    for (int campaign = 0; campaign < CAMPAIGNS; campaign++) {
      var tally = DifferenceTally.empty(images);
      for (int trial = 0; trial < TRIALS; trial++) {
        int map = random.nextInt(MAPS);
        tally = tally.merge(trial(random, broken[map], repaired[map], images));
      }
      var estimate = CellEstimate.of(tally, GOLDEN, POPULATION, true, 0.95);
      double error = estimate.meanAccuracy().orElseThrow() - truth;
      covered += Math.abs(error) <= estimate.halfWidth().orElseThrow() ? 1 : 0;
      sum += error;
      sumOfSquares += error * error;
    }
    var atLeast94 = BinomialDistribution.of(CAMPAIGNS, 0.94);
    assertThat(covered).isGreaterThanOrEqualTo(atLeast94.inverseCumulativeProbability(Law.LEVEL));
    double standardError = Math.sqrt(sumOfSquares) / CAMPAIGNS;
    assertThat(Math.abs(sum / CAMPAIGNS)).isLessThan(4.5 * standardError); // normal: 7e-6
  }

  private static int[] broken(UniformRandomProvider random, double mean, double spread) {
    double concentration = mean * (1 - mean) / (spread * spread) - 1;
    var law = BetaDistribution.of(mean * concentration, (1 - mean) * concentration);
    int[] broken = new int[MAPS];
    for (int map = 0; map < MAPS; map++) {
      broken[map] = (int) Math.rint(GOLDEN * law.inverseCumulativeProbability(random.nextDouble()));
    }
    return broken;
  }

  /** Takes the images one by one without replacement (selection sampling, Knuth's algorithm S). */
  private static DifferenceTally trial(
      UniformRandomProvider random, int broken, int repaired, int images) {
    if (images == POPULATION) {
      return DifferenceTally.of(images, GOLDEN - broken + repaired, GOLDEN, 0);
    }
    int[] left = {GOLDEN - broken, broken, repaired, POPULATION - GOLDEN - repaired};
    int[] taken = new int[4];
    for (int i = 0; i < images; i++) {
      int place = random.nextInt(POPULATION - i);
      int kind = 0;
      while (place >= left[kind]) {
        place -= left[kind++];
      }
      left[kind]--;
      taken[kind]++;
    }
    return DifferenceTally.of(images, taken[0] + taken[2], taken[0] + taken[1], 0);
  }
}
