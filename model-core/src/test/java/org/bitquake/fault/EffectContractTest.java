package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every effect under every kind of pattern, against a memory that is read cell by cell. */
class EffectContractTest {
  private static final int[] WEIGHTS = {5, 40, 7, 13, 33};
  private static final int[] BITS = {4, 3, 8, 2, 5};
  private static final double[] RATES = {0.03, 0.3, 1};

  private static final List<Storage> STORAGES =
      List.of(
          Storage.DEFAULT,
          new Storage(8, 1, 1, true),
          new Storage(11, 7, 2, true),
          new Storage(13, 5, 3, false),
          new Storage(64, 3, 2, false));

  static Stream<KnownEffect> effects() {
    return KnownEffect.all();
  }

  private static List<FaultPattern> patterns() {
    return List.of(
        CellPattern.INSTANCE,
        new Clusters(List.of(new Clusters.Shape(1, 2, 0.5), new Clusters.Shape(1, 1, 0.5))),
        new WeakColumns(0.3),
        Lines.ROW,
        Lines.COLUMN);
  }

  private static byte[][] codes(Encoding encoding, long seed) {
    var random = new SplittableRandom(seed);
    byte[][] codes = new byte[WEIGHTS.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      int half = 1 << (BITS[layer] - 1);
      codes[layer] = new byte[WEIGHTS[layer]];
      for (int weight = 0; weight < WEIGHTS[layer]; weight++) {
        int least = encoding == Encoding.SIGN_MAGNITUDE ? 1 - half : -half;
        codes[layer][weight] = (byte) random.nextInt(least, half);
      }
    }
    return codes;
  }

  private static byte[][] filled(int code) {
    byte[][] codes = Arrays.stream(WEIGHTS).mapToObj(byte[]::new).toArray(byte[][]::new);
    for (byte[] layer : codes) {
      Arrays.fill(layer, (byte) code);
    }
    return codes;
  }

  /** What cells of zeros or ones read when all are faulty, as pictures of the arrays. */
  private static KnownEffect.Nature nature(KnownEffect known, Storage storage, FaultMap map) {
    int bitsPerCell = known.effect().bitsPerCell();
    var zeros = new NaiveFaults(storage, WEIGHTS, BITS, bitsPerCell);
    var ones = new NaiveFaults(storage, WEIGHTS, BITS, bitsPerCell);
    byte[][] read = filled(0); // in two's complement zeros, and −1 is ones
    map.apply(known.effect(), 1, Encoding.TWOS_COMPLEMENT, read);
    zeros.write(Encoding.TWOS_COMPLEMENT, read);
    read = filled(-1);
    map.apply(known.effect(), 1, Encoding.TWOS_COMPLEMENT, read);
    ones.write(Encoding.TWOS_COMPLEMENT, read);
    return new KnownEffect.Nature() {
      @Override
      public int ofZero(int array, int row, int column) {
        return zeros.held(array, row, column);
      }

      @Override
      public int ofOnes(int array, int row, int column) {
        return ones.held(array, row, column);
      }
    };
  }

  @ParameterizedTest
  @MethodSource("effects")
  void readsWhatAMemoryReadCellByCellReads(KnownEffect known) {
    var effect = known.effect();
    for (var storage : STORAGES) {
      var naive = new NaiveFaults(storage, WEIGHTS, BITS, effect.bitsPerCell());
      var layout = new MemoryLayout(storage, WEIGHTS, BITS, effect.bitsPerCell());
      for (var pattern : patterns()) {
        for (var scope : List.of(FaultScope.ALL, new FaultScope(Set.of(0, 1, 4), Set.of(0, 1)))) {
          var whole = pattern.source(5, layout, FaultScope.ALL);
          var nature = nature(known, storage, whole.draw(3, 1));
          var map = pattern.source(5, layout, scope).draw(3, 1);
          for (double rate : RATES) {
            naive.fail(map.sites(rate));
            for (var encoding : Encoding.values()) {
              byte[][] codes = codes(encoding, 1);
              naive.write(encoding, codes);
              byte[][] expected = naive.read(encoding, known.reading().apply(nature));
              var tally = new FaultMap.Tally(map.sites(rate).size(), changed(codes, expected));
              byte[][] copy = codes(encoding, 2);
              assertThat(map.apply(effect, rate, encoding, codes, copy))
                  .as("%s, %s, %s, %s", storage, pattern.label(), encoding, rate)
                  .isEqualTo(tally);
              assertThat(copy).isDeepEqualTo(expected);
              assertThat(codes).as("left as it was").isDeepEqualTo(codes(encoding, 1));
              assertThat(map.apply(effect, rate, encoding, codes)).isEqualTo(tally);
              assertThat(codes).as("in place").isDeepEqualTo(expected);
            }
          }
        }
      }
    }
  }

  private static long changed(byte[][] before, byte[][] after) {
    long changed = 0;
    for (int layer = 0; layer < before.length; layer++) {
      for (int weight = 0; weight < before[layer].length; weight++) {
        changed += before[layer][weight] == after[layer][weight] ? 0 : 1;
      }
    }
    return changed;
  }
}
