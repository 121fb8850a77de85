package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Estimates of campaigns whose truth is known: a finite population of fault maps, each of which
 * breaks a share of the images that the golden network gets right and repairs a few of the others;
 * trials take a map and n images of the N at random. The laws of the share are Beta, fitted to
 * those of a trained LeNet-5 at 1, 3 and 5 % bit flips, and worse ones: skewed, two kinds of maps,
 * and maps that mostly do nothing.
 */
class CoverageTest {
  private static final int POPULATION = 2000;
  private static final int GOLDEN = 1800;
  private static final int MAPS = 4000;
  private static final int CAMPAIGNS = 2000;

  /** One law of fault maps. */
  record Law(String name, int[] broken, int[] repaired) {
    double truth() {
      double truth = 0;
      for (int map = 0; map < MAPS; map++) {
        truth += (GOLDEN - broken[map] + repaired[map]) / (double) POPULATION / MAPS;
      }
      return truth;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Law> laws() {
    var mild = beta(0.03, 0.01);
    var ruin = beta(0.7, 0.1);
    return List.of(
        law("1 %", true, quantile(beta(0.05, 0.025))),
        law("3 %", true, quantile(beta(0.2, 0.05))),
        law("5 %", true, quantile(beta(0.38, 0.074))),
        law("skewed", true, quantile(beta(0.05, 0.08))),
        law("one map in ten ruins", true, u -> u % 10 == 0 ? at(ruin, u) : at(mild, u)),
        law("one map in thirty ruins", true, u -> u % 30 == 0 ? at(ruin, u) : at(mild, u)),
        law("one map in twenty does something", false, u -> u % 20 == 0 ? at(mild, u) : 0),
        law("next to nothing", false, quantile(beta(0.002, 0.002))));
  }

  /** Designs: trials and images, or images and the half-width at which to stop. */
  static Stream<Object[]> fixed() {
    return laws().stream()
        .flatMap(
            law -> Stream.of(new Object[] {law, 256, 32}, new Object[] {law, 400, POPULATION}));
  }

  static Stream<Object[]> sequential() {
    return laws().stream()
        .flatMap(law -> Stream.of(new Object[] {law, 0.01, 32}, new Object[] {law, 0.02, 64}));
  }

  @ParameterizedTest
  @MethodSource("fixed")
  void fixedDesignsCoverTheTruthAndAreUnbiased(Law law, int trials, int images) {
    var random = RandomSource.XO_SHI_RO_256_PP.create(20240614);
    check(law, () -> estimate(tally(random, law, trials, images)));
  }

  @ParameterizedTest
  @MethodSource("sequential")
  void sequentialDesignsCoverTheTruthAndAreUnbiased(Law law, double halfWidth, int images) {
    var random = RandomSource.XO_SHI_RO_256_PP.create(20240615);
    var design = new SequentialDesign(halfWidth, 1_000_000);
    check(
        law,
        () -> {
          var tally = DifferenceTally.empty(images);
          long next = design.next(estimate(tally), 0);
          while (next > tally.trials()) {
            tally = tally.merge(tally(random, law, (int) (next - tally.trials()), images));
            next = design.next(estimate(tally), tally.trials());
          }
          var estimate = estimate(tally);
          assertThat(estimate.halfWidth().orElseThrow()).isLessThanOrEqualTo(halfWidth);
          return estimate;
        });
  }

  private static CellEstimate estimate(DifferenceTally tally) {
    return CellEstimate.of(tally, GOLDEN, POPULATION, true, 0.95);
  }

  /** Of many campaigns 94.5 % or more must cover the truth, but for the chance of this sample. */
  private static void check(Law law, java.util.function.Supplier<CellEstimate> campaign) {
    double truth = law.truth();
    int covered = 0;
    double sum = 0;
    double sumOfSquares = 0;
    double widths = 0;
    for (int c = 0; c < CAMPAIGNS; c++) {
      var estimate = campaign.get();
      double error = estimate.meanAccuracy().orElseThrow() - truth;
      covered += Math.abs(error) <= estimate.halfWidth().orElseThrow() ? 1 : 0;
      sum += error;
      sumOfSquares += error * error;
      widths += estimate.halfWidth().orElseThrow() / CAMPAIGNS;
    }
    var least = BinomialDistribution.of(CAMPAIGNS, 0.945);
    assertThat(covered)
        .as("campaigns of %d that cover the truth", CAMPAIGNS)
        .isGreaterThanOrEqualTo(least.inverseCumulativeProbability(0.01));
    // A stopping rule leaves a bias of second order: allow a twentieth of the interval besides
    // noise.
    double standardError = Math.sqrt(sumOfSquares) / CAMPAIGNS;
    double noise = NormalDistribution.of(0, 1).inverseSurvivalProbability(1e-5) * standardError;
    assertThat(Math.abs(sum / CAMPAIGNS)).as("bias").isLessThan(noise + widths / 20);
  }

  /** Of all trials at once: merging one by one is another test's, and would be most of this one. */
  private static DifferenceTally tally(
      UniformRandomProvider random, Law law, int trials, int images) {
    long[] differences = new long[4]; // sums of their powers 0 to 3
    long changed = 0;
    long[] correct = new long[3];
    int least = images;
    int most = 0;
    for (int trial = 0; trial < trials; trial++) {
      int map = random.nextInt(MAPS);
      int[] taken =
          taken(random, POPULATION, GOLDEN, law.broken()[map], law.repaired()[map], images);
      add(differences, taken[2] - taken[1]);
      add(correct, taken[0] + taken[2]);
      changed += taken[1] + taken[2];
      least = Math.min(least, taken[0] + taken[2]);
      most = Math.max(most, taken[0] + taken[2]);
    }
    var cubes = BigInteger.valueOf(differences[3]);
    return new DifferenceTally(
        images,
        trials,
        differences[1],
        differences[2],
        cubes,
        changed,
        correct[1],
        correct[2],
        least,
        most,
        0,
        0);
  }

  private static void add(long[] sumsOfPowers, long value) {
    long power = 1;
    for (int p = 0; p < sumsOfPowers.length; p++) {
      sumsOfPowers[p] += power;
      power *= value;
    }
  }

  private static ContinuousDistribution beta(double mean, double sd) {
    double concentration = mean * (1 - mean) / (sd * sd) - 1;
    return BetaDistribution.of(mean * concentration, (1 - mean) * concentration);
  }

  private static IntUnaryOperator quantile(ContinuousDistribution law) {
    return u -> at(law, u);
  }

  /** Images broken by map u, a quantile of the law. */
  private static int at(ContinuousDistribution law, int u) {
    return (int) Math.rint(GOLDEN * law.inverseCumulativeProbability((u + 0.5) / MAPS));
  }

  private static Law law(String name, boolean repairs, IntUnaryOperator broken) {
    int[] b = new int[MAPS];
    int[] r = new int[MAPS];
    for (int map = 0; map < MAPS; map++) {
      b[map] = broken.applyAsInt(map);
      r[map] = repairs ? map * 7 % 20 : 0;
    }
    return new Law(name, b, r);
  }

  /** One trial's images. */
  static DifferenceTally trial(
      UniformRandomProvider random,
      int population,
      int golden,
      int broken,
      int repaired,
      int images) {
    int[] taken = taken(random, population, golden, broken, repaired, images);
    return DifferenceTally.of(
        images, taken[0] + taken[2], taken[0] + taken[1], taken[1] + taken[2], 0);
  }

  /**
   * Of the images taken, how many stay right, are broken, are repaired, stay wrong. They are taken
   * one by one without replacement (selection sampling, Knuth's algorithm S).
   */
  private static int[] taken(
      UniformRandomProvider random,
      int population,
      int golden,
      int broken,
      int repaired,
      int images) {
    int[] left = {golden - broken, broken, repaired, population - golden - repaired};
    if (images == population) {
      return left;
    }
    int[] taken = new int[4];
    for (int i = 0; i < images; i++) {
      int place = random.nextInt(population - i);
      int kind = 0;
      while (place >= left[kind]) {
        place -= left[kind++];
      }
      left[kind]--;
      taken[kind]++;
    }
    return taken;
  }
}
