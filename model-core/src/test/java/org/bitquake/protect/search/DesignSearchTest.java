package org.bitquake.protect.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bitquake.fault.Encoding;
import org.bitquake.protect.search.Step.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search on memories of which everything is known. */
class DesignSearchTest {
  private static final int[] WEIGHTS = {40, 4000, 900};
  private static final int BITS = 3;
  private static final int MANY = 1_000_000;

  /** Without chance it finds what trying all 2 × 2⁹ designs of hard bits finds. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void findsTheCheapestOfAll(long seed) {
    var random = new SplittableRandom(seed);
    var space =
        SimulatedMemory.space(
            SimulatedMemory.ENCODINGS, List.of(SimulatedMemory.HARDEN), BITS, WEIGHTS);
    double[][][] harm = harm(random, 0.04);
    var memory =
        new SimulatedMemory(
            space,
            harm,
            new double[] {0},
            sum -> 0.3 * -Math.expm1(-sum / 0.3),
            new double[] {1},
            MANY);
    double target = 1 - 0.01 - 0.04 * random.nextDouble();
    var found = best(search(memory, target, memory.exactMeter(), new ArrayList<>()), target);
    double least = Double.POSITIVE_INFINITY;
    for (var encoding : SimulatedMemory.ENCODINGS) {
      for (int hard = 0; hard < 1 << (BITS * WEIGHTS.length); hard++) {
        var design = space.bare(encoding);
        for (int cell = 0; cell < BITS * WEIGHTS.length; cell++) {
          if ((hard >> cell & 1) == 1) {
            design = design.with(cell / BITS, cell % BITS, 0);
          }
        }
        if (Math.round(memory.loss(design) * MANY) <= Math.round((1 - target) * MANY)) {
          least = Math.min(least, space.cost(design).area());
        }
      }
    }
    assertEquals(least, found.cost().area(), 1e-12);
  }

  /** Where a code leaves nothing and costs less than hard cells, it is what is found. */
  @Test
  void takesACodeWhereItIsWorthIt() {
    var space =
        SimulatedMemory.space(
            List.of(Encoding.TWOS_COMPLEMENT),
            List.of(SimulatedMemory.HARDEN, SimulatedMemory.SECDED),
            4,
            3200);
    var harm = new double[][][] {{{0.03, 0.03, 0.03, 0.03}}};
    var memory =
        new SimulatedMemory(space, harm, new double[] {0, 0}, s -> s, new double[] {1}, MANY);
    var found = best(search(memory, 0.99, memory.exactMeter(), new ArrayList<>()), 0.99);
    assertEquals("secded-32 a", space.text(found.design()));
    assertEquals(7 / 32.0, found.cost().area(), 1e-12);
  }

  /** A code that does not help is no reason to stop looking. */
  @Test
  void leavesACodeThatDoesNotHelp() {
    var space =
        SimulatedMemory.space(
            List.of(Encoding.TWOS_COMPLEMENT),
            List.of(SimulatedMemory.HARDEN, SimulatedMemory.SECDED),
            4,
            3200);
    var harm = new double[][][] {{{0.001, 0.002, 0.004, 0.03}}};
    var memory =
        new SimulatedMemory(space, harm, new double[] {0, 0.9}, s -> s, new double[] {1}, MANY);
    var found = best(search(memory, 0.99, memory.exactMeter(), new ArrayList<>()), 0.99);
    assertEquals("harden a:3", space.text(found.design()));
  }

  @Test
  void noProtectionIsEnoughWhereItIs() {
    var space =
        SimulatedMemory.space(
            SimulatedMemory.ENCODINGS, List.of(SimulatedMemory.HARDEN), BITS, WEIGHTS);
    var memory =
        new SimulatedMemory(
            space,
            harm(new SplittableRandom(1), 1e-4),
            new double[] {0},
            s -> s,
            new double[] {1},
            MANY);
    var found = best(search(memory, 0.98, memory.exactMeter(), new ArrayList<>()), 0.98);
    assertEquals("none", space.text(found.design()));
    assertEquals(0, found.cost().area());
  }

  /** What cannot be reached is told by finalists that there are none of. */
  @Test
  void anUnreachableTargetHasNoFinalists() {
    var space =
        SimulatedMemory.space(
            SimulatedMemory.ENCODINGS, List.of(SimulatedMemory.SECDED), BITS, WEIGHTS);
    var memory =
        new SimulatedMemory(
            space,
            harm(new SplittableRandom(2), 0.04),
            new double[] {0.8},
            s -> s,
            new double[] {1},
            MANY);
    var measured = search(memory, 0.99, memory.exactMeter(), new ArrayList<>());
    assertEquals(List.of(), DesignSearch.finalists(measured, 0.99));
    assertTrue(measured.size() > 3, () -> "a front is left, not " + measured.size());
  }

  /** The same answers lead to the same questions. */
  @Test
  void isAFunctionOfTheTallies() {
    var space =
        SimulatedMemory.space(
            SimulatedMemory.ENCODINGS, List.of(SimulatedMemory.HARDEN), BITS, WEIGHTS);
    var memory =
        new SimulatedMemory(
            space,
            harm(new SplittableRandom(3), 0.04),
            new double[] {0},
            s -> Math.min(0.2, s),
            new double[] {0.5, 0.5, 2},
            64);
    List<Step> one = new ArrayList<>();
    List<Step> two = new ArrayList<>();
    search(memory, 0.98, memory.meter(5), one);
    search(memory, 0.98, memory.meter(5), two);
    assertEquals(one, two);
    var phases = one.stream().map(Step::phase).distinct().toList();
    assertTrue(phases.containsAll(List.of(Phase.ENCODINGS, Phase.HARM, Phase.FRONT, Phase.REFINE)));
  }

  private static List<Measured> search(
      SimulatedMemory memory, double target, Meter meter, List<Step> log) {
    return new DesignSearch(memory.space(), 1, target, 64, memory.images(), meter, log::add).run();
  }

  private static Measured best(List<Measured> measured, double target) {
    return Measurements.cheapest(measured, target, 0).orElseThrow();
  }

  private static double[][][] harm(SplittableRandom random, double most) {
    double[][][] harm = new double[2][WEIGHTS.length][BITS];
    for (double[][] encoding : harm) {
      for (double[] layer : encoding) {
        for (int bit = 0; bit < BITS; bit++) {
          layer[bit] = most * random.nextDouble() * (bit + 1) / BITS;
        }
      }
    }
    return harm;
  }
}
