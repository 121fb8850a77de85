package org.bitquake.protect.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.bitquake.stats.DifferenceTally;
import org.junit.jupiter.api.Test;

/** What is claimed of a protection that was searched for. */
class ConfirmationTest {
  private static final int DESIGNS = 1000;
  private static final double CONFIDENCE = 0.95;
  private static final int IMAGES = 16;
  private static final int POPULATION = 16_000;

  /** Faults of most trials do less than their mean, those of one in eight much more. */
  private static final double[] SEVERITIES = {0.4, 0.5, 0.5, 0.6, 0.7, 0.8, 1, 3.5};

  /**
   * A thousand networks, searched, chosen from and confirmed: whole runs of the method. Of those
   * that are confirmed at most 5 % miss their target; of those that the search alone would have
   * chosen far more do.
   */
  @Test
  void atMostOneInTwentyOfAThousandSearchedDesignsMissesItsTarget() {
    int confirmed = 0;
    int missed = 0;
    int missedWithout = 0;
    for (int i = 0; i < DESIGNS; i++) {
      var random = new SplittableRandom(7_000 + i);
      var memory = memory(random);
      double target = 1 - 0.01 - 0.03 * random.nextDouble();
      var measured =
          new DesignSearch(memory.space(), 1, target, 48, IMAGES, memory.meter(2L * i), s -> {})
              .run();
      var finalists = DesignSearch.finalists(measured, target);
      var lucky = Measurements.cheapest(measured, target, 0);
      missedWithout += lucky.isPresent() && isMissed(memory, lucky.get(), target) ? 1 : 0;
      var winner = confirm(memory, finalists, target, 2L * i + 1);
      confirmed += winner.isPresent() ? 1 : 0;
      missed += winner.isPresent() && isMissed(memory, winner.get(), target) ? 1 : 0;
    }
    int its = missed;
    assertTrue(missed <= (1 - CONFIDENCE) * DESIGNS, () -> its + " designs miss their target");
    int there = confirmed;
    assertTrue(confirmed >= 0.9 * DESIGNS, () -> "only " + there + " were confirmed");
    int lucky = missedWithout;
    assertTrue(
        missedWithout > 2 * (1 - CONFIDENCE) * DESIGNS,
        () -> "without fresh trials " + lucky + " miss it: such a simulation shows nothing");
  }

  /**
   * The worst case: finalists that are all just below the target. The chance that one of them is
   * confirmed is 5 % at most; the critical value is that of 99.9 % of runs of such a test.
   */
  @Test
  void designsJustBelowTheTargetAreConfirmedInOneOfTwentyRunsAtMost() {
    double loss = 0.03;
    int confirmed = 0;
    var claims = new Confirmation(3, CONFIDENCE);
    for (int run = 0; run < DESIGNS; run++) {
      boolean any = false;
      for (int finalist = 0; finalist < 3; finalist++) {
        var fresh = trials(3L * run + finalist, loss, 300);
        any |= claims.bound(fresh, POPULATION, POPULATION, false).orElseThrow() >= 1 - loss + 1e-9;
      }
      confirmed += any ? 1 : 0;
    }
    int most =
        new BinomialDistribution(null, DESIGNS, 1 - CONFIDENCE).inverseCumulativeProbability(0.999);
    int its = confirmed;
    assertTrue(confirmed <= most, () -> its + " of 1000 runs, at most " + most);
    assertTrue(confirmed > 0, "bounds that never fail are too careful by far");
  }

  @Test
  void theErrorIsSharedByAllFinalists() {
    assertEquals(0.05 / 12, new Confirmation(12, 0.95).error(), 1e-15);
  }

  @Test
  void whereNoCellCanFailTheBoundIsTheAccuracyWithoutFaults() {
    var bound = new Confirmation(3, CONFIDENCE).bound(DifferenceTally.empty(64), 90, 100, true);
    assertEquals(Optional.of(0.9), bound);
  }

  @Test
  void withoutTrialsThereIsNoBound() {
    assertEquals(
        Optional.empty(),
        new Confirmation(3, CONFIDENCE).bound(DifferenceTally.empty(64), 90, 100, false));
  }

  /** So many trials confirm a design as good as it looked less one standard error in 19 of 20. */
  @Test
  void theNumberOfTrialsIsEnough() {
    var claims = new Confirmation(12, CONFIDENCE);
    var space = memory(new SplittableRandom(1)).space();
    var design = space.bare(space.encodings().get(0));
    var seen = trials(99, 0.02, 512);
    var measured = new Measured(design, space.cost(design), seen, 1);
    double target = measured.accuracy() - 0.008;
    long trials = claims.trials(measured, target, 100_000);
    double truth = 1 - measured.accuracy() + measured.error();
    int confirmed = 0;
    for (int run = 0; run < 200; run++) {
      var fresh = trials(500 + run, truth, trials);
      double bound = claims.bound(fresh, POPULATION, POPULATION, false).orElseThrow();
      confirmed += bound >= target ? 1 : 0;
    }
    int its = confirmed;
    int least = new BinomialDistribution(null, 200, 0.95).inverseCumulativeProbability(0.001);
    assertTrue(confirmed >= least, () -> its + " of 200 with " + trials + " trials");
  }

  @Test
  void theCheapestThatHoldsWins() {
    var space = memory(new SplittableRandom(1)).space();
    var bare = space.bare(space.encodings().get(0));
    var one = bare.with(0, 3, 0);
    var finalists =
        List.of(measured(space, bare), measured(space, bare.withRest(0)), measured(space, one));
    assertEquals(
        Optional.of(finalists.get(2)),
        Confirmation.winner(finalists, new double[] {0.8, 0.99, 0.95}, 0.9));
    assertEquals(
        Optional.empty(), Confirmation.winner(finalists, new double[] {0.8, Double.NaN, 0.1}, 0.9));
  }

  private static Measured measured(DesignSpace space, Design design) {
    return new Measured(design, space.cost(design), DifferenceTally.empty(IMAGES), 1);
  }

  private static Optional<Measured> confirm(
      SimulatedMemory memory, List<Measured> finalists, double target, long seed) {
    if (finalists.isEmpty()) {
      return Optional.empty();
    }
    var claims = new Confirmation(finalists.size(), CONFIDENCE);
    double[] bounds = new double[finalists.size()];
    for (int i = 0; i < bounds.length; i++) {
      var its = finalists.get(i);
      boolean perfect = memory.space().isPerfect(its.design());
      long trials = perfect ? 0 : claims.trials(its, target, 1500);
      var fresh = memory.meter(seed).measure(List.of(its.design()), 0, trials).get(0);
      bounds[i] = claims.bound(fresh, POPULATION, POPULATION, perfect).orElse(Double.NaN);
    }
    return Confirmation.winner(finalists, bounds, target);
  }

  private static boolean isMissed(SimulatedMemory memory, Measured its, double target) {
    return 1 - memory.loss(its.design()) < target;
  }

  private static DifferenceTally trials(long seed, double loss, long trials) {
    return SimulatedMemory.trials(seed, loss, SEVERITIES, IMAGES, 0, trials);
  }

  private static SimulatedMemory memory(SplittableRandom random) {
    var space =
        SimulatedMemory.space(
            List.of(SimulatedMemory.ENCODINGS.get(0)),
            List.of(SimulatedMemory.HARDEN),
            4,
            50,
            1000 + random.nextInt(4000),
            500);
    double[][][] harm = new double[1][3][4];
    for (double[] layer : harm[0]) {
      for (int bit = 0; bit < layer.length; bit++) {
        layer[bit] = 0.03 * random.nextDouble() * (bit + 1) / layer.length;
      }
    }
    return new SimulatedMemory(
        space, harm, new double[] {0}, s -> 0.25 * -Math.expm1(-s / 0.25), SEVERITIES, IMAGES);
  }
}
