package org.bitquake.protect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.CheckSource;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSite;
import org.bitquake.fault.FaultSource;
import org.bitquake.fault.HeldSource;
import org.bitquake.fault.effect.StuckOpen;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.junit.jupiter.api.Test;

/** Cells that a file hardens, against a memory read cell by cell. */
class HardenedCellsTest {
  private static final List<String> NAMES = List.of("conv1", "fc1", "fc2");
  private static final int[] FILTERS = {5, 7, 2};
  private static final int[] WEIGHTS = {150, 301, 20_000};
  private static final int[] BITS = {4, 3, 8};
  private static final Storage STORAGE = new Storage(32, 16, 2, true);
  private static final MemoryLayout MEMORY = new MemoryLayout(STORAGE, WEIGHTS, BITS, 1);
  private static final double RATE = 0.06;

  private static final List<FaultPattern> PATTERNS =
      List.of(
          CellPattern.INSTANCE,
          new Clusters(List.of(new Clusters.Shape(2, 2, 1))),
          Lines.ROW,
          Lines.COLUMN,
          new WeakColumns(0.5));

  static HardenedCells part(CellList cells) {
    return new HardenedCells("a.csv", Optional.empty(), Optional.empty(), 1.33).with(cells);
  }

  /** Cells as files name them. */
  private record Cell(int layer, int weight, int bit) {
    String line() {
      int filter = WEIGHTS[layer] / FILTERS[layer];
      return NAMES.get(layer) + "," + weight / filter + "," + weight % filter + "," + bit + "\n";
    }
  }

  private static HardenedCells part(Iterable<Cell> cells) {
    var text = new StringBuilder("layer,filter,index,bit\n");
    cells.forEach(cell -> text.append(cell.line()));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    return part(CellTable.parse(bytes, "a.csv", "a.csv"));
  }

  private static Set<Cell> some(Random random, double share) {
    return some(its -> random.nextDouble() < share);
  }

  private static Set<Cell> some(Predicate<Cell> wanted) {
    var cells = new HashSet<Cell>();
    for (int layer = 0; layer < WEIGHTS.length; layer++) {
      for (int i = 0; i < WEIGHTS[layer] * BITS[layer]; i++) {
        var cell = new Cell(layer, i / BITS[layer], i % BITS[layer]);
        if (wanted.test(cell)) {
          cells.add(cell);
        }
      }
    }
    return cells;
  }

  private static ProtectedLayout layout(Part... parts) {
    return ProtectedLayout.of(new Protection("x", List.of(parts)), NAMES, FILTERS, MEMORY);
  }

  private static byte[][] codes() {
    var random = new Random(7);
    byte[][] codes = new byte[WEIGHTS.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      codes[layer] = new byte[WEIGHTS[layer]];
      for (int i = 0; i < codes[layer].length; i++) {
        codes[layer][i] = (byte) (random.nextInt(1 << BITS[layer]) - (1 << (BITS[layer] - 1)));
      }
    }
    return codes;
  }

  private static HeldSource source(FaultPattern pattern, ProtectedLayout layout, FaultScope scope) {
    return new HeldSource(pattern.source(3, MEMORY, scope), scope, layout.held().orElseThrow());
  }

  /** Cell by cell: what is drawn and not in the file is faulty, and nothing else is. */
  @Test
  void thatAreListedHoldAndAllOthersFailAsTheyDo() {
    var random = new Random(1);
    byte[][] pristine = codes();
    byte[][] read = codes();
    long dropped = 0;
    for (var pattern : PATTERNS) {
      for (double share : new double[] {0.001, 0.2, 0.9}) {
        var hard = some(random, share);
        var layout = layout(part(hard));
        var held = source(pattern, layout, FaultScope.ALL);
        assertThat(held.cells()).isEqualTo(some(its -> true).size() - hard.size());
        for (long trial = 0; trial < 3; trial++) {
          var all = pattern.source(3, MEMORY, FaultScope.ALL).draw(trial, RATE);
          var map = held.draw(trial, RATE);
          for (double rate : new double[] {RATE, 0.01}) {
            List<FaultSite> left =
                all.sites(rate).stream()
                    .filter(s -> !hard.contains(new Cell(s.layer(), s.weight(), s.bit())))
                    .toList();
            dropped += all.sites(rate).size() - left.size();
            assertThat(map.sites(rate)).isEqualTo(left);
            for (var kind : FaultKind.values()) {
              var tally = map.apply(kind, rate, Encoding.GRAY, pristine, read);
              assertThat(tally.faultyCells()).isEqualTo(left.size());
              assertThat(read).isDeepEqualTo(naive(left, kind, Encoding.GRAY, pristine));
            }
          }
        }
      }
    }
    assertThat(dropped).isGreaterThan(1000);
  }

  private static byte[][] naive(
      List<FaultSite> faulty, FaultKind kind, Encoding encoding, byte[][] pristine) {
    int[][] masks = new int[WEIGHTS.length][];
    for (int layer = 0; layer < WEIGHTS.length; layer++) {
      masks[layer] = new int[WEIGHTS[layer]];
    }
    faulty.forEach(site -> masks[site.layer()][site.weight()] |= 1 << site.bit());
    byte[][] codes = new byte[WEIGHTS.length][];
    for (int layer = 0; layer < codes.length; layer++) {
      codes[layer] = new byte[WEIGHTS[layer]];
      for (int i = 0; i < codes[layer].length; i++) {
        int stored = encoding.encode(pristine[layer][i], BITS[layer]);
        int cells = kind.apply(stored, masks[layer][i]);
        codes[layer][i] = (byte) encoding.decode(cells, BITS[layer]);
      }
    }
    return codes;
  }

  /** A file of all cells of a bit, or of a layer, is that bit or layer: for every effect. */
  @Test
  void ofABitOrALayerAreThatBitOrLayer() {
    var bit = layout(new Part.Harden(Set.of("conv1", "fc2"), Set.of(3), 1.33));
    var layer = layout(new Part.Harden(Set.of("fc1"), Set.of(), 1.33));
    var bits = layout(part(some(its -> its.layer() != 1 && its.bit() == 3)));
    var layers = layout(part(some(its -> its.layer() == 1)));
    var only = new FaultScope(Set.of(0, 1), Set.of(0, 2, 3));
    for (var scope : List.of(FaultScope.ALL, only)) {
      assertSame(bit, bits, scope);
      assertSame(layer, layers, scope);
    }
  }

  private static void assertSame(ProtectedLayout named, ProtectedLayout listed, FaultScope scope) {
    assertThat(listed.cost().hardenedCells()).isEqualTo(named.cost().hardenedCells());
    assertThat(listed.cost().addedArea()).isCloseTo(named.cost().addedArea(), within(1e-9));
    assertThat(listed.isDecoded()).isFalse();
    byte[][] pristine = codes();
    byte[][] expected = codes();
    byte[][] read = codes();
    for (var pattern : PATTERNS) {
      FaultSource scoped = pattern.source(3, MEMORY, scope.without(named.hardened()));
      var held = source(pattern, listed, scope);
      assertThat(held.cells()).isEqualTo(scoped.cells());
      for (var effect : List.of(FaultKind.STUCK_AT_1, new StuckOpen())) {
        for (long trial = 0; trial < 3; trial++) {
          var a = scoped.draw(trial, RATE);
          var b = held.draw(trial, RATE);
          for (double rate : new double[] {0.02, RATE}) {
            assertThat(b.apply(effect, rate, Encoding.TWOS_COMPLEMENT, pristine, read))
                .isEqualTo(a.apply(effect, rate, Encoding.TWOS_COMPLEMENT, pristine, expected));
            assertThat(read).isDeepEqualTo(expected);
          }
        }
      }
    }
  }

  /** Codes take hardened cells as any other bit of their words. */
  @Test
  void areInWordsOfCodesLikeOthers() {
    var hard = some(new Random(5), 0.3);
    var code =
        new Part.Checked(Code.SECDED, 16, Part.OnError.ZERO, Set.of("conv1", "fc2"), Set.of());
    List<Part> parts = List.of(part(hard), code);
    var layout = layout(part(hard), code);
    var plain = layout(code);
    assertThat(layout.cost().checkCells()).isEqualTo(plain.cost().checkCells());
    assertThat(layout.cost().addedArea())
        .isCloseTo(plain.cost().checkCells() + 0.33 * hard.size(), within(1e-6));
    var memory = new ProtectedMemory(layout);
    var naive = new NaiveProtection(layout, parts, NAMES, Encoding.GRAY, FaultKind.BIT_FLIP);
    byte[][] pristine = codes();
    byte[][] read = codes();
    for (var pattern : PATTERNS) {
      var data = source(pattern, layout, FaultScope.ALL).draw(8, RATE);
      var checks =
          new CheckSource(3, pattern, layout.checkColumns().orElseThrow(), FaultScope.ALL)
              .draw(8, RATE);
      memory.read(
          data, Optional.of(checks), FaultKind.BIT_FLIP, RATE, Encoding.GRAY, pristine, read);
      assertThat(read).isDeepEqualTo(naive.read(data, checks, RATE, pristine));
    }
  }

  @Test
  void sayWhatTheyAreBeforeTheirFileIsRead() {
    var unread = new HardenedCells("cells/a.csv", Optional.empty(), Optional.empty(), 2);
    assertThat(unread.file()).isEqualTo("a.csv");
    assertThat(unread).hasToString("harden: {cells: cells/a.csv}");
    assertThatThrownBy(() -> layout(unread)).hasMessageContaining("has not been read");
    assertThatThrownBy(() -> new HardenedCells("a.csv", Optional.empty(), Optional.empty(), 0.5))
        .hasMessage("areaFactor: 0.5 is outside 1…100.0");
  }
}
