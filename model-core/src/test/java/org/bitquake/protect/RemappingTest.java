package org.bitquake.protect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Part.Remap.By;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights written by column around stuck cells, against all ways of writing each column. */
class RemappingTest {
  private static final List<String> NAMES = List.of("conv1", "fc1", "fc2");
  private static final int[] WEIGHTS = {150, 301, 77};
  private static final int[] BITS = {4, 3, 5};
  private static final double RATE = 0.3;

  private static final List<CellEffect> EFFECTS =
      List.of(
          FaultKind.STUCK_AT_0, FaultKind.STUCK_AT_1, new StuckAtRandom(), new Mixed(0.4, 0.6, 0));

  private static MemoryLayout memory(int word, int rows, int wordsPerRow, boolean interleave) {
    return new MemoryLayout(new Storage(word, rows, wordsPerRow, interleave), WEIGHTS, BITS, 1);
  }

  private static ProtectedLayout layout(MemoryLayout memory, By by, String... layers) {
    var part = new Part.Remap(Set.of(layers), by);
    return ProtectedLayout.of(new Protection("remap", List.of(part)), NAMES, memory);
  }

  private static byte[][] codes(Random random, Encoding encoding, MemoryLayout memory) {
    byte[][] codes = new byte[memory.layers()][];
    for (int layer = 0; layer < codes.length; layer++) {
      int bits = memory.bits()[layer];
      codes[layer] = new byte[memory.weights()[layer]];
      for (int i = 0; i < codes[layer].length; i++) {
        int code = random.nextInt(1 << bits) - (1 << (bits - 1));
        codes[layer][i] = (byte) (encoding.represents(code, bits) ? code : code + 1);
      }
    }
    return codes;
  }

  private static FaultMap draw(FaultPattern pattern, MemoryLayout memory, long trial, double rate) {
    return pattern.source(3, memory, FaultScope.ALL).draw(trial, rate);
  }

  private static byte[][] copy(byte[][] codes) {
    return Arrays.stream(codes).map(byte[]::clone).toArray(byte[][]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "COLUMN,32,16,2,true", "COLUMN,32,5,1,false", "COLUMN,24,7,3,true", "COLUMN,7,2,2,false",
    "BOTH,32,16,2,true", "BOTH,24,7,3,false", "COLUMN,32,256,4,true", "BOTH,9,2,1,true"
  })
  void readsWhatTheBestOfAllWaysToWriteAColumnReads(
      By by, int word, int rows, int wordsPerRow, boolean interleave) {
    var memory = memory(word, rows, wordsPerRow, interleave);
    var reader = new ProtectedMemory(layout(memory, by));
    var random = new Random(11);
    long trial = 0;
    int negatedLowest = 0;
    for (var pattern :
        List.of(
            CellPattern.INSTANCE,
            new Clusters(List.of(new Clusters.Shape(2, 2, 1))),
            Lines.COLUMN)) {
      for (var encoding : Encoding.values()) {
        byte[][] pristine = codes(random, encoding, memory);
        byte[][] read = copy(pristine);
        for (var effect : EFFECTS) {
          trial++;
          var map = draw(pattern, memory, trial, RATE);
          for (double rate : new double[] {RATE, 0.05}) {
            var stuck = NaiveColumns.stuck(memory, map, effect, rate);
            var naive = new NaiveColumns(memory, encoding, by == By.BOTH, stuck);
            var tally = reader.read(map, Optional.empty(), effect, rate, encoding, pristine, read);
            assertThat(read)
                .as("%s %s %s %s", pattern.label(), encoding, effect.label(), rate)
                .isDeepEqualTo(naive.read(pristine));
            assertThat(tally.faultyCells()).isEqualTo(map.sites(rate).size());
            assertThat(tally.changedWeights()).isEqualTo(changed(pristine, read));
            negatedLowest += saturated(memory, pristine, read, stuck);
          }
        }
      }
    }
    assertThat(negatedLowest > 0).isEqualTo(rows > 2); // lowest codes were read as their neighbours
  }

  private static long changed(byte[][] a, byte[][] b) {
    long changed = 0;
    for (int layer = 0; layer < a.length; layer++) {
      for (int i = 0; i < a[layer].length; i++) {
        changed += a[layer][i] == b[layer][i] ? 0 : 1;
      }
    }
    return changed;
  }

  /** Weights that changed although none of their cells is stuck. */
  private static int saturated(
      MemoryLayout memory, byte[][] pristine, byte[][] read, Boolean[][][] stuck) {
    int count = 0;
    for (int layer = 0; layer < read.length; layer++) {
      for (int i = 0; i < read[layer].length; i++) {
        if (read[layer][i] != pristine[layer][i]
            && Arrays.stream(stuck[layer][i]).allMatch(its -> its == null)) {
          assertThat(pristine[layer][i]).isEqualTo((byte) -(1 << (memory.bits()[layer] - 1)));
          assertThat(read[layer][i]).isEqualTo((byte) (pristine[layer][i] + 1));
          count++;
        }
      }
    }
    return count;
  }

  /** In squared error of each column: none ≥ by column ≥ both, and none ≥ by weight ≥ both. */
  @ParameterizedTest
  @EnumSource(Encoding.class)
  void isNeverWorseThanLess(Encoding encoding) {
    var memory = memory(32, 16, 2, true);
    var random = new Random(5);
    byte[][] pristine = codes(random, encoding, memory);
    long[] gained = new long[3];
    for (var effect : EFFECTS) {
      for (long trial = 0; trial < 5; trial++) {
        var map = draw(CellPattern.INSTANCE, memory, trial, 0.1);
        byte[][] none = copy(pristine);
        map.apply(effect, 0.1, encoding, pristine, none);
        byte[][] weight = read(memory, By.WEIGHT, map, effect, encoding, pristine);
        byte[][] column = read(memory, By.COLUMN, map, effect, encoding, pristine);
        byte[][] both = read(memory, By.BOTH, map, effect, encoding, pristine);
        var naive = new NaiveColumns(memory, encoding, false, new Boolean[0][][]);
        for (int layer = 0; layer < WEIGHTS.length; layer++) {
          for (var its : naive.columns(layer)) {
            long left = error(its, none[layer], pristine[layer]);
            long ofWeights = error(its, weight[layer], pristine[layer]);
            long ofColumns = error(its, column[layer], pristine[layer]);
            long ofBoth = error(its, both[layer], pristine[layer]);
            assertThat(ofWeights).isBetween(ofBoth, left);
            assertThat(ofColumns).isBetween(ofBoth, left);
            gained[0] += left - ofWeights;
            gained[1] += left - ofColumns;
            gained[2] += left - ofBoth;
          }
        }
      }
    }
    assertThat(gained).doesNotContain(0);
    assertThat(gained[2]).isGreaterThan(Math.max(gained[0], gained[1]));
  }

  private static long error(List<Integer> column, byte[] read, byte[] pristine) {
    return NaiveColumns.error(column, column.stream().map(its -> read[its]).toList(), pristine);
  }

  private static byte[][] read(
      MemoryLayout memory,
      By by,
      FaultMap map,
      CellEffect effect,
      Encoding encoding,
      byte[][] pristine) {
    byte[][] read = copy(pristine);
    new ProtectedMemory(layout(memory, by))
        .read(map, Optional.empty(), effect, 0.1, encoding, pristine, read);
    return read;
  }

  /** Where a column is one weight, each of its stuck bits reads right if it is inverted or not. */
  @ParameterizedTest
  @EnumSource(Encoding.class)
  void columnsOfOneWeightHaveNoErrors(Encoding encoding) {
    var memory = memory(32, 1, 2, true);
    byte[][] pristine = codes(new Random(1), encoding, memory);
    for (var effect : EFFECTS) {
      var map = draw(CellPattern.INSTANCE, memory, 1, 1.0);
      byte[][] read = copy(pristine);
      var tally =
          new ProtectedMemory(layout(memory, By.COLUMN))
              .read(map, Optional.empty(), effect, 1.0, encoding, pristine, read);
      assertThat(tally.faultyCells()).isEqualTo(150 * 4 + 301 * 3 + 77 * 5);
      assertThat(tally.changedWeights()).isZero();
      assertThat(read).isDeepEqualTo(pristine);
    }
  }

  @Test
  void otherLayersAreReadAsTheyAre() {
    var memory = memory(32, 16, 2, true);
    byte[][] pristine = codes(new Random(2), Encoding.GRAY, memory);
    byte[][] plain = copy(pristine);
    byte[][] read = copy(pristine);
    var map = draw(CellPattern.INSTANCE, memory, 4, 0.2);
    map.apply(FaultKind.STUCK_AT_1, 0.2, Encoding.GRAY, pristine, plain);
    new ProtectedMemory(layout(memory, By.COLUMN, "fc1"))
        .read(map, Optional.empty(), FaultKind.STUCK_AT_1, 0.2, Encoding.GRAY, pristine, read);
    assertThat(read[0]).isEqualTo(plain[0]);
    assertThat(read[1]).isNotEqualTo(plain[1]);
    assertThat(read[2]).isEqualTo(plain[2]);
  }

  /** Layers of many blocks, which neither rows nor arrays end with; codes that change between. */
  @Test
  void readsLayersOfManyBlocks() {
    int[] weights = {9_000, 20_001, 10_001};
    var memory = new MemoryLayout(new Storage(32, 60, 3, false), weights, BITS, 1);
    var reader = new ProtectedMemory(layout(memory, By.COLUMN));
    for (long trial = 0; trial < 2; trial++) {
      var map = draw(CellPattern.INSTANCE, memory, trial, 0.05);
      byte[][] pristine = codes(new Random(trial), Encoding.OFFSET_BINARY, memory);
      byte[][] read = copy(pristine);
      reader.read(
          map,
          Optional.empty(),
          FaultKind.STUCK_AT_1,
          0.05,
          Encoding.OFFSET_BINARY,
          pristine,
          read);
      var stuck = NaiveColumns.stuck(memory, map, FaultKind.STUCK_AT_1, 0.05);
      var naive = new NaiveColumns(memory, Encoding.OFFSET_BINARY, false, stuck);
      assertThat(read).isDeepEqualTo(naive.read(pristine));
    }
  }

  /** A cell for each bit and one for the sign, of each column that has weights. */
  @ParameterizedTest
  @CsvSource({"32,16,2", "32,5,1", "24,7,3", "7,1,2", "32,256,4", "9,3,1", "1024,3,9"})
  void costsItsChoices(int word, int rows, int wordsPerRow) {
    var memory = memory(word, rows, wordsPerRow, true);
    var naive = new NaiveColumns(memory, Encoding.GRAY, false, new Boolean[0][][]);
    List<Long> cells = new ArrayList<>();
    for (int layer = 0; layer < WEIGHTS.length; layer++) {
      long its = (long) naive.columns(layer).size() * (BITS[layer] + 1);
      cells.add(its);
      var alone = layout(memory, By.COLUMN, NAMES.get(layer)).cost();
      assertThat(alone.checkCells()).isEqualTo(its);
    }
    long all = cells.stream().mapToLong(Long::longValue).sum();
    assertThat(layout(memory, By.BOTH).cost())
        .isEqualTo(new ProtectedLayout.Cost(150 * 4 + 301 * 3 + 77 * 5, all, 0, all));
    assertThat(layout(memory, By.WEIGHT).cost().checkCells()).isZero();
  }
}
