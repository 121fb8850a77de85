package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.PoissonDistribution;
import org.bitquake.memory.Storage;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that fail anew for each image. */
class CellClocksTest {
  private static final long SEED = 77;
  private static final int BITS = 4;

  /** Faulty cells of one tensor of one image, {@code word · 8 + bit}. */
  private static int[] cells(long trial, int tensor, int image, int words, int bits, double rate) {
    var faults = buffer(words, bits);
    faults.draw(trial, rate);
    return cells(faults, tensor, image, words, bits, rate);
  }

  private static BufferFaults buffer(int words, int bits) {
    return new BufferFaults(
        SEED, FaultTarget.ACTIVATIONS, CellPattern.INSTANCE, Storage.DEFAULT, true, words, bits);
  }

  private static int[] cells(
      BufferFaults faults, int tensor, int image, int words, int bits, double rate) {
    faults.use(FaultKind.BIT_FLIP, rate, new int[] {image});
    var found = new TreeMap<Integer, Integer>();
    faults.forEach(
        tensor, words, bits, 0, 1, (i, word, mask) -> assertThat(found.put(word, mask)).isNull());
    return found.entrySet().stream()
        .flatMapToInt(e -> Arrays.stream(bitsOf(e.getValue())).map(bit -> e.getKey() * 8 + bit))
        .toArray();
  }

  private static int[] bitsOf(int mask) {
    return IntStream.range(0, 8).filter(b -> (mask >> b & 1) == 1).toArray();
  }

  /**
   * When a cell's clock first rings, from the documentation alone, with other generators and
   * another Poisson law.
   */
  private static double firstRing(long trial, int tensor, int image, int word, int bit) {
    long seed = philox(SEED, 1, 0, 0, 0, 9, 0);
    long stream = ((tensor + 1L) << 32) | (word / 512);
    var random =
        RandomSource.SPLIT_MIX_64.create(philox(seed, trial, bit / 4, image, stream, 8, bit % 4));
    var law = PoissonDistribution.of(6);
    for (int span = 0; ; span++) {
      double u = (random.nextLong() >>> 11) * 0x1p-53;
      int rings = 0;
      while (law.cumulativeProbability(rings) <= u) {
        rings++;
      }
      double first = Double.POSITIVE_INFINITY;
      for (int ring = 0; ring < rings; ring++) {
        long its = random.nextLong();
        if (Long.remainderUnsigned(its, 512) == word % 512) {
          first = Math.min(first, (span + (its >>> 11) * 0x1p-53) * 6 / 512);
        }
      }
      if (first < Double.POSITIVE_INFINITY) {
        return first;
      }
    }
  }

  private static long philox(long k0, long k1, long c0, long c1, long c2, long c3, int word) {
    var random = new Philox(k0, k1);
    random.block(c0, c1, c2, c3);
    return random.word(word);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.01, 0.1, 0.7, 1})
  void eachCellFailsWhenItsClockSaysSo(double rate) {
    int words = 700;
    for (int bits : new int[] {1, 4, 7}) {
      int[] expected =
          IntStream.range(0, words * 8)
              .filter(cell -> cell % 8 < bits)
              .filter(cell -> 1 - Math.exp(-firstRing(5, 3, 1234, cell / 8, cell % 8)) < rate)
              .toArray();
      assertThat(cells(5, 3, 1234, words, bits, rate)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 0.01, 0.05, 0.3, 0.9})
  void theNumberOfFaultsIsBinomial(double rate) {
    int words = 1300;
    int faults = 0;
    int images = 60;
    for (int image = 0; image < images; image++) {
      faults += cells(1, image % 5, image, words, BITS, rate).length;
    }
    Law.assertBinomial(faults, images * words * BITS, rate);
  }

  @Test
  void everyCellIsAsLikely() {
    int words = 640;
    long[] counts = new long[words / 16 * BITS];
    var faults = buffer(words, BITS);
    for (int trial = 0; trial < 200; trial++) {
      faults.draw(trial, 0.1);
      for (int cell : cells(faults, 0, trial, words, BITS, 0.1)) {
        counts[cell / 8 / 16 * BITS + cell % 8]++;
      }
    }
    Law.assertUniform(counts);
  }

  /** Of two images, of two layers and of two bits: both faulty as often as rate² says. */
  @Test
  void imagesLayersTrialsAndBitsAreIndependent() {
    int words = 4000;
    double rate = 0.3;
    var some = Arrays.stream(cells(1, 0, 10, words, BITS, rate)).boxed().toList();
    for (int[] other :
        new int[][] {
          cells(1, 0, 11, words, BITS, rate),
          cells(1, 1, 10, words, BITS, rate),
          cells(2, 0, 10, words, BITS, rate),
        }) {
      int both = (int) Arrays.stream(other).filter(new HashSet<>(some)::contains).count();
      Law.assertBinomial(both, words * BITS, rate * rate);
    }
    int both = (int) some.stream().filter(cell -> cell % 8 == 0 && some.contains(cell + 1)).count();
    Law.assertBinomial(both, words, rate * rate);
  }

  @Test
  void faultsAtALowerRateAreASubset() {
    var faults = buffer(2000, BITS);
    faults.draw(3, 1);
    int[] before = {};
    for (double rate : new double[] {0, 0.0001, 0.01, 0.011, 0.2, 0.8, 0.999, 1}) {
      int[] now = cells(faults, 2, 9, 2000, BITS, rate);
      assertThat(Arrays.stream(now).boxed().toList())
          .as("rate %s", rate)
          .containsAll(Arrays.stream(before).boxed().toList());
      assertThat(now).isEqualTo(cells(3, 2, 9, 2000, BITS, rate));
      before = now;
    }
    assertThat(before).hasSize(2000 * BITS);
  }

  @Test
  void marksDoNotDependOnTheSizeOfTheTensorOrItsBits() {
    int[] large = cells(3, 2, 9, 5000, 8, 0.05);
    int[] small = cells(3, 2, 9, 777, 3, 0.05);
    assertThat(small)
        .isEqualTo(Arrays.stream(large).filter(c -> c / 8 < 777 && c % 8 < 3).toArray());
  }
}
