package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FaultMapTest {
  private static final int[] WEIGHTS = {400, 1000, 30_000, 200}; // one is applied in blocks
  private static final int[] BITS = {8, 4, 2, 5};
  private static final double[] RATES = {0, 0.002, 0.05, 0.37, 1};

  private static FaultMap draw(long trial) {
    return new FaultSampler(4, WEIGHTS, BITS, FaultScope.ALL).draw(trial, 1);
  }

  private static byte[][] codes(Encoding encoding, long seed) {
    var random = new SplittableRandom(seed);
    byte[][] codes = new byte[WEIGHTS.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      int half = 1 << (BITS[layer] - 1);
      int least = encoding == Encoding.SIGN_MAGNITUDE ? 1 - half : -half;
      codes[layer] = new byte[WEIGHTS[layer]];
      for (int weight = 0; weight < WEIGHTS[layer]; weight++) {
        codes[layer][weight] = (byte) random.nextInt(least, half);
      }
    }
    return codes;
  }

  private static byte[][] copy(byte[][] codes) {
    return Stream.of(codes).map(byte[]::clone).toArray(byte[][]::new);
  }

  private static Stream<Arguments> kindsAndEncodings() {
    return Stream.of(FaultKind.values())
        .flatMap(kind -> Stream.of(Encoding.values()).map(code -> Arguments.of(kind, code)));
  }

  /** One cell at a time, in an array of cells, without masks or tables. */
  @ParameterizedTest
  @MethodSource("kindsAndEncodings")
  void doesToEveryCellWhatItsKindSays(FaultKind kind, Encoding encoding) {
    for (double rate : RATES) {
      var map = draw(1);
      byte[][] original = codes(encoding, 1);
      boolean[][][] memory = new boolean[WEIGHTS.length][][];
      for (int layer = 0; layer < WEIGHTS.length; layer++) {
        memory[layer] = new boolean[WEIGHTS[layer]][BITS[layer]];
        for (int weight = 0; weight < WEIGHTS[layer]; weight++) {
          int cells = encoding.encode(original[layer][weight], BITS[layer]);
          for (int bit = 0; bit < BITS[layer]; bit++) {
            memory[layer][weight][bit] = (cells >> bit) % 2 == 1;
          }
        }
      }
      var sites = map.sites(rate);
      for (var site : sites) {
        boolean[] word = memory[site.layer()][site.weight()];
        word[site.bit()] =
            switch (kind) {
              case BIT_FLIP -> !word[site.bit()];
              case STUCK_AT_0 -> false;
              case STUCK_AT_1 -> true;
            };
      }
      byte[][] expected = copy(original);
      long changed = 0;
      for (int layer = 0; layer < WEIGHTS.length; layer++) {
        for (int weight = 0; weight < WEIGHTS[layer]; weight++) {
          int cells = 0;
          for (int bit = 0; bit < BITS[layer]; bit++) {
            cells += memory[layer][weight][bit] ? 1 << bit : 0;
          }
          expected[layer][weight] = (byte) encoding.decode(cells, BITS[layer]);
          changed += expected[layer][weight] == original[layer][weight] ? 0 : 1;
        }
      }
      byte[][] codes = copy(original);
      var tally = map.apply(kind, rate, encoding, codes);
      assertThat(codes).isDeepEqualTo(expected);
      assertThat(tally).isEqualTo(new FaultMap.Tally(sites.size(), changed));
      byte[][] faulty = codes(encoding, 99);
      assertThat(map.apply(kind, rate, encoding, original, faulty)).isEqualTo(tally);
      assertThat(faulty).as("a copy, over what was there").isDeepEqualTo(expected);
      assertThat(map.sites(rate)).as("the map is still usable").isEqualTo(sites);
    }
  }

  @Test
  void flippingTwiceGivesTheNetworkBack() {
    for (var encoding : new Encoding[] {Encoding.TWOS_COMPLEMENT, Encoding.OFFSET_BINARY}) {
      for (double rate : RATES) {
        byte[][] codes = codes(encoding, 2);
        var map = draw(2);
        var once = map.apply(FaultKind.BIT_FLIP, rate, encoding, codes);
        assertThat(map.apply(FaultKind.BIT_FLIP, rate, encoding, codes)).isEqualTo(once);
        assertThat(codes).isDeepEqualTo(codes(encoding, 2));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kindsAndEncodings")
  void stuckCellsStayStuck(FaultKind kind, Encoding encoding) {
    if (kind == FaultKind.BIT_FLIP) {
      return; // see flippingTwiceGivesTheNetworkBack
    }
    for (double rate : new double[] {0.002, 0.05}) {
      byte[][] codes = codes(encoding, 3);
      var map = draw(3);
      var first = map.apply(kind, rate, encoding, codes);
      byte[][] once = copy(codes);
      // The code that sign-magnitude reads from a −0 is 0, which it stores differently: its sign
      // cell, stuck at 1, is set again and reads the same.
      var second = map.apply(kind, rate, encoding, codes);
      assertThat(codes).isDeepEqualTo(once);
      assertThat(second).isEqualTo(new FaultMap.Tally(first.faultyCells(), 0));
    }
  }

  @Test
  void stuckAtTheValueHeldIsAFaultThatChangesNothing() {
    byte[][] zeros = {new byte[400], new byte[1000], new byte[30_000], new byte[200]};
    var map = draw(1);
    long cells = map.sites(0.05).size();
    assertThat(map.apply(FaultKind.STUCK_AT_0, 0.05, Encoding.TWOS_COMPLEMENT, zeros))
        .isEqualTo(new FaultMap.Tally(cells, 0));
    assertThat(map.apply(FaultKind.STUCK_AT_1, 0.05, Encoding.TWOS_COMPLEMENT, zeros))
        .isEqualTo(
            new FaultMap.Tally(
                cells,
                map.sites(0.05).stream()
                    .map(s -> s.layer() * 100_000 + s.weight())
                    .distinct()
                    .count()));
  }

  @Test
  void hitsTheSameCellsInEveryNetworkAndUnderEveryKind() {
    var map = draw(6);
    long cells = map.sites(0.05).size();
    for (var kind : FaultKind.values()) {
      for (long network = 0; network < 3; network++) {
        byte[][] codes = codes(Encoding.OFFSET_BINARY, network);
        assertThat(map.apply(kind, 0.05, Encoding.OFFSET_BINARY, codes).faultyCells())
            .isEqualTo(cells);
      }
    }
  }

  @Test
  void refusesHigherRatesOtherShapesAndCodesWithoutAForm() {
    var map = new FaultSampler(4, WEIGHTS, BITS, FaultScope.ALL).draw(1, 0.05);
    byte[][] codes = codes(Encoding.TWOS_COMPLEMENT, 1);
    for (double rate : new double[] {0.0500001, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> map.apply(FaultKind.BIT_FLIP, rate, Encoding.TWOS_COMPLEMENT, codes))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> map.sites(rate)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> map.apply(FaultKind.BIT_FLIP, 0.05, Encoding.TWOS_COMPLEMENT, new byte[][] {{1}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[400, 1000, 30000, 200]");
    byte[][] lowest = {new byte[400], new byte[1000], new byte[30_000], new byte[200]};
    Arrays.fill(lowest[1], (byte) -8);
    assertThatThrownBy(() -> draw(1).apply(FaultKind.BIT_FLIP, 1, Encoding.SIGN_MAGNITUDE, lowest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sign-magnitude has no 4-bit code -8");
  }

  @Test
  void inSteadyStateATrialMakesNoGarbage() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var sampler = new FaultSampler(4, WEIGHTS, BITS, FaultScope.ALL);
    byte[][] pristine = codes(Encoding.TWOS_COMPLEMENT, 1);
    byte[][] faulty = copy(pristine);
    long before = 0;
    int trials = 100;
    var kinds = List.of(FaultKind.values());
    for (int trial = 0; trial < 2 * trials; trial++) {
      if (trial == trials) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      var kind = kinds.get(trial % kinds.size());
      var map = sampler.draw(trial % trials, 0.05); // the same, so that no array grows
      map.apply(kind, 0.05, Encoding.TWOS_COMPLEMENT, pristine, faulty);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes / trials).as("a generator and a tally").isLessThan(400);
  }
}
