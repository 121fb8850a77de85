package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class VarianceComponentsTest {
  private static final int POPULATION = 400;
  private static final int GOLDEN = 300;

  /** Over many campaigns the mean of the estimates is the truth, computed from the population. */
  @Test
  void areUnbiased() {
    var random = RandomSource.XO_SHI_RO_256_PP.create(5);
    int[] broken = {10, 40, 90, 150};
    int repaired = 12;
    double mean = 0;
    double within = 0;
    for (int b : broken) {
      double d = repaired - b;
      mean += d / POPULATION / broken.length;
      double scatter = b + repaired - d * d / POPULATION;
      within += scatter / (POPULATION - 1) / broken.length;
    }
    double between = 0;
    for (int b : broken) {
      between += Math.pow((double) (repaired - b) / POPULATION - mean, 2) / broken.length;
    }
    double sumBetween = 0;
    double sumWithin = 0;
    int campaigns = 2000;
    for (int c = 0; c < campaigns; c++) {
      var tally = DifferenceTally.empty(25);
      for (int t = 0; t < 40; t++) {
        int b = broken[random.nextInt(broken.length)];
        tally = tally.merge(CoverageTest.trial(random, POPULATION, GOLDEN, b, repaired, 25));
      }
      var components = VarianceComponents.of(tally, POPULATION);
      sumBetween += components.betweenMaps() / campaigns;
      sumWithin += components.withinMap() / campaigns;
    }

    // Standard errors of both means are below 1 % of their truth.
    assertThat(sumBetween).isCloseTo(between, offset(0.04 * between));
    assertThat(sumWithin).isCloseTo(within, offset(0.04 * within));
  }

  /** 40 trials whose differences are no more spread than the images alone make them. */
  @Test
  void aSpreadThatWasNotSeenIsNotTakenForNone() {
    var tally = DifferenceTally.empty(32);
    for (int t = 0; t < 40; t++) {
      tally = tally.merge(DifferenceTally.of(32, 28 + t % 2, 29, 3, 0));
    }
    assertThat(VarianceComponents.of(tally, 10_000).betweenMaps()).isZero();
    var cautious = VarianceComponents.cautious(tally, 10_000);
    double variance = 10.0 / 39 / 32 / 32; // Σ(d − ½)² = 40/4
    assertThat(cautious.betweenMaps()).isCloseTo(variance * Math.sqrt(2 / 39.0), offset(1e-12));
    assertThat(new ImageDesign(60_000, 5_000).best(cautious, 10_000)).isLessThan(256);
  }

  @Test
  void theDesignHasTheLeastWorkOfAllChoices() {
    UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(6);
    for (int i = 0; i < 200; i++) {
      var variance = new VarianceComponents(random.nextDouble() * 0.01, random.nextDouble() * 0.25);
      var design = new ImageDesign(1 + random.nextDouble() * 1e6, 1 + random.nextDouble() * 1e4);
      int best = design.best(variance, 10_000);
      for (int n = 32; n < 10_000; n *= 2) {
        assertThat(design.work(variance, best, 10_000))
            .isLessThanOrEqualTo(design.work(variance, n, 10_000));
      }
    }
    assertThat(new ImageDesign(1, 1).best(new VarianceComponents(0.1, 0.1), 20)).isEqualTo(20);
  }

  /** The best n over all integers is √(c₀/c₁ · w/σ²), a closed form, for N → ∞. */
  @Test
  void theDesignIsNearTheClosedForm() {
    var variance = new VarianceComponents(0.0004, 0.1);
    double closed = Math.sqrt(60_000 / 5_000.0 * variance.withinMap() / variance.betweenMaps());
    assertThat(closed).isCloseTo(54.8, offset(0.1));
    assertThat(new ImageDesign(60_000, 5_000).best(variance, 1_000_000)).isEqualTo(64);
  }
}
