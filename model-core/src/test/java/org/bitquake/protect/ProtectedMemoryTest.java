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
import org.bitquake.fault.CheckSource;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.effect.Mixed;
import org.bitquake.fault.effect.StuckAtRandom;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Part.Checked;
import org.bitquake.protect.Part.Harden;
import org.bitquake.protect.Part.OnError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read through decoders, against a memory read word by word. */
class ProtectedMemoryTest {
  private static final List<String> NAMES = List.of("conv1", "fc1", "fc2");
  private static final int[] WEIGHTS = {150, 301, 77};
  private static final int[] BITS = {4, 3, 8};
  private static final Storage STORAGE = new Storage(32, 16, 2, true);
  private static final MemoryLayout MEMORY = new MemoryLayout(STORAGE, WEIGHTS, BITS, 1);
  private static final double RATE = 0.06;

  private static Checked code(Code code, int word, OnError onError, Integer... bits) {
    return new Checked(code, word, onError, Set.of(), Set.of(bits));
  }

  static List<Protection> protections() {
    return List.of(
        new Protection("parity", List.of(code(Code.PARITY, 32, OnError.ZERO))),
        new Protection("secded", List.of(code(Code.SECDED, 32, OnError.KEEP))),
        new Protection("secded zero", List.of(code(Code.SECDED, 16, OnError.ZERO))),
        new Protection("hamming", List.of(code(Code.HAMMING, 4, OnError.KEEP))),
        new Protection("bch", List.of(code(Code.BCH_DEC, 32, OnError.ZERO))),
        new Protection("copies", List.of(code(Code.TMR, 1, OnError.KEEP, 2))),
        new Protection(
            "hard and parity",
            List.of(new Harden(Set.of(), Set.of(2), 1.5), code(Code.PARITY, 32, OnError.ZERO))),
        new Protection(
            "by layer",
            List.of(
                new Harden(Set.of("fc1"), Set.of(), 1.33),
                new Checked(Code.SECDED, 8, OnError.ZERO, Set.of("fc2"), Set.of(7, 6)),
                new Checked(Code.HAMMING, 32, OnError.ZERO, Set.of("conv1", "fc2"), Set.of()))));
  }

  private static byte[][] codes(Encoding encoding) {
    return codes(encoding, WEIGHTS);
  }

  private static byte[][] codes(Encoding encoding, int... weights) {
    var random = new Random(7);
    byte[][] codes = new byte[BITS.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      codes[layer] = new byte[weights[layer]];
      for (int i = 0; i < codes[layer].length; i++) {
        do {
          codes[layer][i] = (byte) (random.nextInt(1 << BITS[layer]) - (1 << (BITS[layer] - 1)));
        } while (!encoding.represents(codes[layer][i], BITS[layer]));
      }
    }
    return codes;
  }

  private static FaultMap data(FaultPattern pattern, ProtectedLayout layout, long trial) {
    return pattern
        .source(3, layout.data(), FaultScope.ALL.without(layout.hardened()))
        .draw(trial, RATE);
  }

  private static Optional<FaultMap> checks(
      FaultPattern pattern, ProtectedLayout layout, long trial) {
    return layout
        .checkColumns()
        .map(its -> new CheckSource(3, pattern, its, FaultScope.ALL).draw(trial, RATE));
  }

  @ParameterizedTest
  @MethodSource("protections")
  void readsWhatAMemoryReadWordByWordReads(Protection protection) {
    var layout = ProtectedLayout.of(protection, NAMES, MEMORY);
    var memory = new ProtectedMemory(layout);
    List<FaultPattern> patterns =
        List.of(
            CellPattern.INSTANCE,
            new Clusters(List.of(new Clusters.Shape(2, 2, 1))),
            Lines.ROW,
            Lines.COLUMN,
            new WeakColumns(0.5));
    long trial = 0;
    for (var encoding : Encoding.values()) {
      byte[][] pristine = codes(encoding);
      byte[][] codes = codes(encoding);
      for (var effect : FaultKind.values()) {
        var naive = new NaiveProtection(layout, protection.parts(), NAMES, encoding, effect);
        for (var pattern : patterns) {
          trial++;
          var data = data(pattern, layout, trial);
          var checks = checks(pattern, layout, trial);
          for (double rate : new double[] {RATE, 0.02}) {
            var tally = memory.read(data, checks, effect, rate, encoding, pristine, codes);
            assertThat(codes)
                .as("%s %s %s %s", encoding, effect, pattern.label(), rate)
                .isDeepEqualTo(naive.read(data, checks.orElse(null), rate, pristine));
            assertThat(tally.changedWeights()).isEqualTo(different(pristine, codes));
            assertThat(tally.faultyCells()).isEqualTo(faulty(data, checks, layout, rate));
          }
        }
      }
    }
  }

  /**
   * Words are read by blocks, of which neither those of data nor those of checks end with words.
   */
  @ParameterizedTest
  @MethodSource("protections")
  void readsLayersOfManyBlocks(Protection protection) {
    int[] weights = {20_000, 9_001, 40_001};
    var layout =
        ProtectedLayout.of(
            protection, NAMES, new MemoryLayout(new Storage(64, 16, 2, false), weights, BITS, 1));
    var memory = new ProtectedMemory(layout);
    byte[][] pristine = codes(Encoding.GRAY, weights);
    byte[][] codes = codes(Encoding.GRAY, weights);
    long trial = 0;
    for (var effect : List.of(FaultKind.BIT_FLIP, FaultKind.STUCK_AT_1)) {
      var naive = new NaiveProtection(layout, protection.parts(), NAMES, Encoding.GRAY, effect);
      for (var pattern : List.of(CellPattern.INSTANCE, Lines.ROW)) {
        trial++;
        var data = data(pattern, layout, trial);
        var checks = checks(pattern, layout, trial);
        for (double rate : new double[] {RATE, 1e-4}) {
          var tally = memory.read(data, checks, effect, rate, Encoding.GRAY, pristine, codes);
          assertThat(codes)
              .as("%s %s %s", effect, pattern.label(), rate)
              .isDeepEqualTo(naive.read(data, checks.orElse(null), rate, pristine));
          assertThat(tally.changedWeights()).isEqualTo(different(pristine, codes));
          assertThat(tally.faultyCells()).isEqualTo(faulty(data, checks, layout, rate));
        }
      }
    }
  }

  private static long different(byte[][] a, byte[][] b) {
    long different = 0;
    for (int layer = 0; layer < a.length; layer++) {
      for (int i = 0; i < a[layer].length; i++) {
        different += a[layer][i] == b[layer][i] ? 0 : 1;
      }
    }
    return different;
  }

  private static long faulty(
      FaultMap data, Optional<FaultMap> checks, ProtectedLayout layout, double rate) {
    long faulty = data.sites(rate).size();
    if (checks.isPresent()) {
      int columns = layout.checkColumns().orElseThrow().storage().word();
      faulty +=
          checks.get().sites(rate).stream()
              .filter(site -> site.weight() % columns < layout.checks(site.layer()))
              .count();
    }
    return faulty;
  }

  @Test
  void withoutPartsReadsWhatFaultMapsRead() {
    var layout = ProtectedLayout.of(Protection.NONE, NAMES, MEMORY);
    var memory = new ProtectedMemory(layout);
    for (var encoding : Encoding.values()) {
      byte[][] pristine = codes(encoding);
      byte[][] expected = codes(encoding);
      byte[][] codes = codes(encoding);
      var map = data(CellPattern.INSTANCE, layout, 1);
      var tally = map.apply(FaultKind.STUCK_AT_1, RATE, encoding, pristine, expected);
      assertThat(
              memory.read(
                  map, Optional.empty(), FaultKind.STUCK_AT_1, RATE, encoding, pristine, codes))
          .isEqualTo(tally);
      assertThat(codes).isDeepEqualTo(expected);
    }
  }

  @Test
  void hardenedBitsAreBitsOutOfScope() {
    var protection = new Protection("sign", List.of(new Harden(Set.of("conv1"), Set.of(3), 1.33)));
    var layout = ProtectedLayout.of(protection, NAMES, MEMORY);
    var hardened = data(CellPattern.INSTANCE, layout, 5).sites(RATE);
    var all = new FaultSampler(3, WEIGHTS, BITS, FaultScope.ALL).draw(5, RATE).sites(RATE);
    assertThat(hardened)
        .hasSizeLessThan(all.size())
        .isEqualTo(all.stream().filter(s -> s.layer() != 0 || s.bit() != 3).toList());
  }

  /** Rows take check cells along; columns and cells of the check bits fail for themselves. */
  @Test
  void wholeRowsTakeTheirCheckCellsAlong() {
    var layout = ProtectedLayout.of(protections().get(1), NAMES, MEMORY);
    var checks = layout.checkColumns().orElseThrow();
    List<Long> dataRows = new ArrayList<>();
    List<Long> checkRows = new ArrayList<>();
    for (long trial = 0; trial < 50; trial++) {
      long its = trial;
      data(Lines.ROW, layout, trial).sites(RATE).stream()
          .map(s -> its << 32 | MEMORY.row(s.layer(), s.weight()))
          .distinct()
          .forEach(dataRows::add);
      checks(Lines.ROW, layout, trial).orElseThrow().sites(RATE).stream()
          .map(s -> its << 32 | checks.row(s.layer(), s.weight()))
          .distinct()
          .forEach(checkRows::add);
    }
    assertThat(checkRows).hasSizeGreaterThan(20).containsExactlyInAnyOrderElementsOf(dataRows);
  }

  /** Of all codes that could be written, one that reads as close as any is. */
  @Test
  void remappedWeightsReadAsCloseAsTheyCan() {
    var protection =
        new Protection(
            "remap", List.of(new Part.Remap(Set.of("conv1", "fc2"), Part.Remap.By.WEIGHT)));
    var layout = ProtectedLayout.of(protection, NAMES, MEMORY);
    var memory = new ProtectedMemory(layout);
    long closer = 0;
    for (var effect : List.of(FaultKind.STUCK_AT_1, new StuckAtRandom(), new Mixed(0.4, 0.6, 0))) {
      for (var encoding : Encoding.values()) {
        byte[][] pristine = codes(encoding);
        byte[][] read = codes(encoding);
        byte[][] plain = codes(encoding);
        var map = CellPattern.INSTANCE.source(3, MEMORY, FaultScope.ALL).draw(9, 0.3);
        map.apply(effect, 0.3, encoding, pristine, plain);
        memory.read(map, Optional.empty(), effect, 0.3, encoding, pristine, read);
        assertThat(read[1]).isEqualTo(plain[1]);
        for (int layer : new int[] {0, 2}) {
          int[] least = least(map, effect, encoding, pristine, layer);
          for (int i = 0; i < least.length; i++) {
            int distance = Math.abs(read[layer][i] - pristine[layer][i]);
            assertThat(distance).isEqualTo(least[i]);
            closer += Math.abs(plain[layer][i] - pristine[layer][i]) - distance;
          }
        }
      }
    }
    assertThat(closer).isGreaterThan(1000);
  }

  /** How close each weight of a layer can be read, whatever is written. */
  private static int[] least(
      FaultMap map, CellEffect effect, Encoding encoding, byte[][] pristine, int layer) {
    int[] least = new int[WEIGHTS[layer]];
    Arrays.fill(least, Integer.MAX_VALUE);
    int half = 1 << (BITS[layer] - 1);
    for (int code = -half; code < half; code++) {
      if (encoding.represents(code, BITS[layer])) {
        byte[][] written = pristine.clone();
        written[layer] = new byte[WEIGHTS[layer]];
        Arrays.fill(written[layer], (byte) code);
        byte[][] read = codes(encoding);
        map.apply(effect, 0.3, encoding, written, read);
        for (int i = 0; i < least.length; i++) {
          least[i] = Math.min(least[i], Math.abs(read[layer][i] - pristine[layer][i]));
        }
      }
    }
    return least;
  }

  @Test
  void costsWhatItsCellsCost() {
    var memory = new MemoryLayout(Storage.DEFAULT, new int[] {8_000}, new int[] {4}, 1);
    List<String> names = List.of("fc");
    var secded = new Protection("x", List.of(code(Code.SECDED, 32, OnError.ZERO)));
    assertThat(ProtectedLayout.of(secded, names, memory).cost())
        .isEqualTo(new ProtectedLayout.Cost(32_000, 7_000, 0, 7_000));
    var sign = new Protection("x", List.of(new Harden(Set.of(), Set.of(3), 1.25)));
    var cost = ProtectedLayout.of(sign, names, memory).cost();
    assertThat(cost).isEqualTo(new ProtectedLayout.Cost(32_000, 0, 8_000, 2_000));
    assertThat(cost.area()).isEqualTo(0.0625);
    var copies = new Protection("x", List.of(code(Code.TMR, 1, OnError.KEEP, 3)));
    assertThat(ProtectedLayout.of(copies, names, memory).cost().cells()).isEqualTo(0.5);
  }
}
