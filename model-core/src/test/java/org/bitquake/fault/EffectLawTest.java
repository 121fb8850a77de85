package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.bitquake.fault.effect.Drift;
import org.bitquake.fault.effect.Drift.Direction;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;

/** Where cells differ in what they do, they do so in the shares that the effect says. */
class EffectLawTest {
  private static final int WEIGHTS = 20_000;
  private static final int[] SHAPE = {WEIGHTS, WEIGHTS};
  private static final int[] BITS = {4, 4};

  private static FaultMap map(long trial) {
    return new FaultSampler(3, SHAPE, BITS, FaultScope.ALL).draw(trial, 0.2);
  }

  private static byte[][] filled(int code) {
    byte[][] codes = new byte[2][WEIGHTS];
    for (byte[] layer : codes) {
      Arrays.fill(layer, (byte) code);
    }
    return codes;
  }

  /** How many cells read another bit than the one held, of a memory of zeros or of ones. */
  private static int wrong(FaultMap map, CellEffect effect, int code) {
    byte[][] codes = filled(code);
    map.apply(effect, 0.2, Encoding.TWOS_COMPLEMENT, codes);
    int wrong = 0;
    for (byte[] layer : codes) {
      for (byte read : layer) {
        wrong += Integer.bitCount((read ^ code) & 15);
      }
    }
    return wrong;
  }

  @Test
  void stuckAtRandomIsWrongHalfAsOftenAsAFlip() {
    var map = map(1);
    int faulty = map.sites(0.2).size();
    assertThat(wrong(map, FaultKind.BIT_FLIP, 0)).isEqualTo(faulty);
    int ones = wrong(map, new StuckAtRandom(), 0);
    Law.assertBinomial(ones, faulty, 0.5);
    assertThat(wrong(map, new StuckAtRandom(), -1)).as("the others").isEqualTo(faulty - ones);
  }

  @Test
  void mixedCellsTakeTheirShares() {
    var map = map(2);
    int faulty = map.sites(0.2).size();
    var mixed = new Mixed(0.5, 0.3, 0.2);
    Law.assertBinomial(wrong(map, mixed, 0), faulty, 0.5); // stuck at 1, or flipped
    Law.assertBinomial(wrong(map, mixed, -1), faulty, 0.7); // stuck at 0, or flipped
    assertThat(wrong(map, new Mixed(1, 0, 0), 0)).isZero();
    assertThat(wrong(map, new Mixed(0, 1, 0), 0)).isEqualTo(faulty);
    assertThat(wrong(map, new Mixed(0, 0, 1), -1)).isEqualTo(faulty);
  }

  /** Neighbouring cells, other trials, other layers: which of two they take is independent. */
  @Test
  void whatCellsTakeIsIndependent() {
    byte[][] one = filled(0);
    byte[][] other = filled(0);
    var sampler = new FaultSampler(3, SHAPE, BITS, FaultScope.ALL);
    sampler.draw(1, 1).apply(new StuckAtRandom(), 1, Encoding.TWOS_COMPLEMENT, one);
    sampler.draw(2, 1).apply(new StuckAtRandom(), 1, Encoding.TWOS_COMPLEMENT, other);
    long[] codes = new long[16];
    long[] trials = new long[16];
    long[] layers = new long[16];
    long[] neighbours = new long[16];
    for (int weight = 0; weight < WEIGHTS; weight++) {
      codes[one[0][weight] & 15]++;
      trials[((one[0][weight] & 3) << 2) | (other[0][weight] & 3)]++;
      layers[((one[0][weight] & 3) << 2) | (one[1][weight] & 3)]++;
      neighbours[((one[0][weight] & 3) << 2) | (one[0][(weight + 1) % WEIGHTS] & 3)]++;
    }
    Law.assertUniform(codes);
    Law.assertUniform(trials);
    Law.assertUniform(layers);
    Law.assertUniform(neighbours);
  }

  @Test
  void driftGoesEitherWayAsOften() {
    var drift = new Drift(4, false, Direction.EITHER);
    var layout = new MemoryLayout(Storage.DEFAULT, SHAPE, BITS, 4);
    var map = Lines.ROW.source(5, layout, FaultScope.ALL).draw(1, 1);
    byte[][] codes = filled(3);
    map.apply(drift, 1, Encoding.OFFSET_BINARY, codes);
    int up = 0;
    for (byte[] layer : codes) {
      for (byte code : layer) {
        assertThat(code).isIn((byte) 2, (byte) 4);
        up += code == 4 ? 1 : 0;
      }
    }
    Law.assertBinomial(up, 2 * WEIGHTS, 0.5);
  }

  @Test
  void refusesSharesAndCellsThatCannotBe() {
    assertThatThrownBy(() -> new Mixed(0.5, 0.3, 0.3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the shares of mixed, 0.5 + 0.3 + 0.3, do not sum to 1");
    assertThatThrownBy(() -> new Mixed(1.5, -0.5, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Mixed(Double.NaN, 0.5, 0.5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Drift(3, false, Direction.UP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a cell of drift holds 1, 2 or 4 bits, not 3");
  }
}
