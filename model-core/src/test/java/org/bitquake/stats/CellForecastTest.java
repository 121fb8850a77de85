package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/**
 * Forecasts against simulated campaigns whose variances are known: a finite population of fault
 * maps that each break a Beta-distributed share of the images, like those of a trained LeNet-5 at 3
 * % bit flips.
 */
class CellForecastTest {
  private static final int POPULATION = 2000;
  private static final int GOLDEN = 1800;
  private static final int MAPS = 4000;
  private static final int IMAGES = 64;
  private static final double CONFIDENCE = 0.95;
  private static final double HALF_WIDTH = 0.005;
  private static final double QUANTILE =
      NormalDistribution.of(0, 1).inverseSurvivalProbability(Law.LEVEL / 2);

  private final int[] broken = broken();
  private final UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(31);

  private static int[] broken() {
    var law = BetaDistribution.of(12.6, 50.4); // mean 0.2, sd 0.05
    int[] broken = new int[MAPS];
    for (int map = 0; map < MAPS; map++) {
      double share = law.inverseCumulativeProbability((map + 0.5) / MAPS);
      broken[map] = (int) Math.rint(GOLDEN * share);
    }
    return broken;
  }

  private static int repaired(int map) {
    return map * 7 % 20;
  }

  /** Both variances by their definition, from all maps and all images. */
  private VarianceComponents known() {
    double sum = 0;
    double squares = 0;
    double within = 0;
    for (int map = 0; map < MAPS; map++) {
      double d = repaired(map) - broken[map];
      double change = d / POPULATION;
      sum += change;
      squares += change * change;
      within += (broken[map] + repaired(map) - d * d / POPULATION) / (POPULATION - 1) / MAPS;
    }
    return new VarianceComponents(squares / MAPS - sum / MAPS * sum / MAPS, within);
  }

  private DifferenceTally campaign(long trials, int images) {
    var tally = DifferenceTally.empty(images);
    for (long trial = 0; trial < trials; trial++) {
      int map = random.nextInt(MAPS);
      tally =
          tally.merge(
              CoverageTest.trial(random, POPULATION, GOLDEN, broken[map], repaired(map), images));
    }
    return tally;
  }

  private static double halfWidth(DifferenceTally tally) {
    return CellEstimate.of(tally, GOLDEN, POPULATION, true, CONFIDENCE).halfWidth().orElseThrow();
  }

  private CellForecast knowing(VarianceComponents variance) {
    var many = CellForecast.of(campaign(20_000, IMAGES), POPULATION, CONFIDENCE);
    return new CellForecast(variance, 0, many.skewness(), many.change(), POPULATION, CONFIDENCE);
  }

  @Test
  void aLargePilotFindsTheKnownVariances() {
    var known = known();
    var found = CellForecast.of(campaign(20_000, IMAGES), POPULATION, CONFIDENCE).variance();
    double sd = QUANTILE * Math.sqrt(2.5 / 20_000) * known.ofTrial(IMAGES, POPULATION);
    assertThat(found.betweenMaps()).isEqualTo(known.betweenMaps(), within(sd));
    assertThat(found.withinMap()).isEqualTo(known.withinMap(), within(0.02 * known.withinMap()));
  }

  /** Campaigns of the planned trials have the half-width asked for, and fewer would not do. */
  @Test
  void thePlannedTrialsGiveTheWantedHalfWidth() {
    var forecast = knowing(known());
    var images = TrialImages.fixed(IMAGES);
    long trials = forecast.trials(images, new SequentialDesign(HALF_WIDTH, 100_000));
    double expected = forecast.halfWidth(images, trials);
    assertThat(expected).isBetween(0.95 * HALF_WIDTH, HALF_WIDTH);
    int campaigns = 200;
    assertMean(campaigns, c -> halfWidth(campaign(trials, IMAGES)), expected, 0.002 * expected);
  }

  /** And campaigns that stop by themselves do so there. */
  @Test
  void sequentialCampaignsRunThePlannedTrials() {
    var design = new SequentialDesign(HALF_WIDTH, 100_000);
    long planned = knowing(known()).trials(TrialImages.fixed(IMAGES), design);
    // A wave that falls just short is followed by one of 32 trials at least.
    assertMean(100, c -> sequential(design), (double) planned, 0.04 * planned);
  }

  private double sequential(SequentialDesign design) {
    var tally = DifferenceTally.empty(IMAGES);
    long next = design.first();
    while (next > tally.trials()) {
      tally = tally.merge(campaign(next - tally.trials(), IMAGES));
      var estimate = CellEstimate.of(tally, GOLDEN, POPULATION, true, CONFIDENCE);
      next = design.next(estimate, tally.trials());
    }
    return tally.trials();
  }

  /** 60 trials of 64 images, as `bitquake plan` runs: right on average, each to about a fifth. */
  @Test
  void smallPilotsPlanTheSameTrialsOnAverage() {
    var images = TrialImages.fixed(IMAGES);
    var design = new SequentialDesign(HALF_WIDTH, 100_000);
    long planned = knowing(known()).trials(images, design);
    assertMean(
        400,
        c ->
            (double)
                CellForecast.of(campaign(60, IMAGES), POPULATION, CONFIDENCE)
                    .trials(images, design),
        (double) planned,
        0.05 * planned);
  }

  /** The first trials with other images than the rest count with their own variance. */
  @Test
  void mixedImagesHaveTheMeanOfTheirVariances() {
    var images = new TrialImages(256, 32, 128);
    var forecast = knowing(known());
    long trials = 900;
    assertThat(images.total(trials)).isEqualTo(256 * 32 + 644 * 128);
    assertMean(
        200,
        c -> {
          var first = campaign(256, 32).scaled(4);
          return halfWidth(first.merge(campaign(trials - 256, 128)));
        },
        forecast.halfWidth(images, trials),
        0.005 * forecast.halfWidth(images, trials));
  }

  /** By hand: σ² alone, no skewness, so t·σ/√T + ½/(T·N) = h. */
  @Test
  void allImagesTakeTheTrialsOfTheirVarianceOverMaps() {
    var forecast =
        new CellForecast(new VarianceComponents(0.0025, 0.2), 0, 0, 0, 10_000, CONFIDENCE);
    // (1.96 · 0.05 / 0.005)² = 384.1 with the normal quantile; Student's adds (t² + 1) / 2 = 2.4.
    assertThat(forecast.trialsOfAllImages(0.005).orElseThrow()).isBetween(386L, 388L);
    var none = new CellForecast(new VarianceComponents(0, 0.2), 0, 0, 0, 10_000, CONFIDENCE);
    assertThat(none.trialsOfAllImages(0.005)).isEmpty();
  }

  /** Without variance the interval is the rule of three, 1 − 0.05^(1/(T − 1)). */
  @Test
  void withoutVarianceItTakesTheTrialsThatRuleOutOthers() {
    var forecast = new CellForecast(new VarianceComponents(0, 0), 0, 0, 0, 10_000, CONFIDENCE);
    var images = TrialImages.fixed(32);
    assertThat(forecast.halfWidth(images, 301)).isEqualTo(0.009936, within(1e-6));
    long trials = forecast.trials(images, new SequentialDesign(0.01, 100_000));
    assertThat(forecast.halfWidth(images, trials)).isLessThanOrEqualTo(0.01);
  }

  /**
   * σ² = 0.0025, w = 0.2, c₀ = 16 c₁: √(16 · 0.2 / 0.0025) = 36 is nearest to 32; σ² = 0 counts as
   * se.
   */
  @Test
  void theBestImagesAreThoseOfTheVariancesOrOfTheirUncertainty() {
    var costs = new ImageDesign(16_000, 1_000);
    var seen = new VarianceComponents(0.0025, 0.2);
    assertThat(new CellForecast(seen, 1e-6, 0, 0, 10_000, 0.95).bestImages(costs)).isEqualTo(32);
    var none = new VarianceComponents(0, 0.2);
    assertThat(new CellForecast(none, 0.0025, 0, 0, 10_000, 0.95).bestImages(costs)).isEqualTo(32);
    // √(16 · 0.2 / 0.0002) = 126
    assertThat(new CellForecast(none, 0.0002, 0, 0, 10_000, 0.95).bestImages(costs)).isEqualTo(128);
  }

  private static void assertMean(
      int count, LongToDoubleFunction sample, double expected, double allowed) {
    double[] values = LongStream.range(0, count).mapToDouble(sample).toArray();
    double mean = 0;
    for (double value : values) {
      mean += value / count;
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double standardError = Math.sqrt(squares / (count - 1) / count);
    assertThat(mean).isEqualTo(expected, within(QUANTILE * standardError + allowed));
  }
}
