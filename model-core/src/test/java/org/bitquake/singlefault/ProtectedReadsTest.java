package org.bitquake.singlefault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.fault.CheckSource;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.EventPlaces;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.SingleFault;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;
import org.bitquake.protect.CellTable;
import org.bitquake.protect.Code;
import org.bitquake.protect.HardenedCells;
import org.bitquake.protect.Part;
import org.bitquake.protect.Part.Checked;
import org.bitquake.protect.Part.Harden;
import org.bitquake.protect.Part.OnError;
import org.bitquake.protect.Part.Remap;
import org.bitquake.protect.ProtectedLayout;
import org.bitquake.protect.ProtectedMemory;
import org.bitquake.protect.Protection;
import org.bitquake.singlefault.FaultReads.ChangedWeight;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Single faults in a protected memory, against what the codes promise and what trials read. */
class ProtectedReadsTest {
  private static final QuantizedNetwork NETWORK = RandomNetworks.of(5);
  private static final List<Convolution> LAYERS = NETWORK.weightLayers();
  private static final List<String> NAMES = LAYERS.stream().map(Convolution::name).toList();
  private static final int[] WEIGHTS =
      LAYERS.stream().mapToInt(c -> c.weights().codes().length).toArray();
  private static final int[] BITS = LAYERS.stream().mapToInt(c -> c.weights().bits()).toArray();
  private static final Storage STORAGE = new Storage(32, 4, 2, false);
  private static final MemoryLayout MEMORY = new MemoryLayout(STORAGE, WEIGHTS, BITS, 1);
  private static final Encoding ENCODING = Encoding.TWOS_COMPLEMENT;

  private static ProtectedLayout layout(Part... parts) {
    int[] filters = LAYERS.stream().mapToInt(c -> c.geometry().outChannels()).toArray();
    return ProtectedLayout.of(new Protection("x", List.of(parts)), NAMES, filters, MEMORY);
  }

  private static Checked code(Code code, int word, OnError onError) {
    return new Checked(code, word, onError, Set.of(), Set.of());
  }

  private static ProtectedReads reads(FaultEvent event, FaultKind kind, ProtectedLayout layout) {
    return new ProtectedReads(
        NETWORK, kind, ENCODING, together(event), event, FaultScope.ALL, layout);
  }

  private static Function<SingleFault, List<SingleFault>> together(FaultEvent event) {
    return event.equals(FaultEvent.CELL)
        ? List::of
        : new EventPlaces(event, MEMORY, FaultScope.ALL)::cells;
  }

  private static List<SingleFault> cells() {
    List<SingleFault> cells = new ArrayList<>();
    for (int layer = 0; layer < WEIGHTS.length; layer++) {
      for (int i = 0; i < WEIGHTS[layer] * BITS[layer]; i++) {
        cells.add(new SingleFault(layer, i / BITS[layer], i % BITS[layer]));
      }
    }
    return cells;
  }

  private static byte code(int layer, int weight) {
    return LAYERS.get(layer).weights().codes()[weight];
  }

  private static FaultReads plain(FaultEvent event, FaultKind kind) {
    return FaultReads.plain(NETWORK, kind, ENCODING, together(event));
  }

  /** All that correct one wrong bit take the whole of single cells' harm. */
  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void aCodeThatCorrectsABitReadsAsWithoutFault(FaultKind kind) {
    var layouts =
        List.of(
            layout(code(Code.SECDED, 32, OnError.ZERO)),
            layout(code(Code.HAMMING, 4, OnError.KEEP)),
            layout(code(Code.BCH_DEC, 32, OnError.KEEP)),
            layout(code(Code.TMR, 1, OnError.KEEP)));
    for (var layout : layouts) {
      var reads = reads(FaultEvent.CELL, kind, layout);
      for (var cell : cells()) {
        var reading = reads.read(cell);
        assertThat(reading.cells()).containsExactly(cell);
        assertThat(reading.faultyCells()).isEqualTo(1);
        assertThat(reading.changed()).isEmpty();
      }
    }
  }

  /** A cell that reads another value makes its word odd, and all its weights zero. */
  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void parityReadsTheWordOfAWrongBitAsZeros(FaultKind kind) {
    var reads = reads(FaultEvent.CELL, kind, layout(code(Code.PARITY, 32, OnError.ZERO)));
    int zeroed = 0;
    for (var cell : cells()) {
      boolean isWrong = !plain(FaultEvent.CELL, kind).read(cell).changed().isEmpty();
      int perWord = MEMORY.codesPerWord(cell.layer());
      int first = cell.weight() / perWord * perWord;
      var expected =
          IntStream.range(first, Math.min(first + perWord, WEIGHTS[cell.layer()]))
              .filter(weight -> isWrong && code(cell.layer(), weight) != 0)
              .mapToObj(
                  weight ->
                      new ChangedWeight(cell.layer(), weight, code(cell.layer(), weight), (byte) 0))
              .toList();
      assertThat(reads.read(cell).changed()).isEqualTo(expected);
      zeroed += expected.size();
    }
    assertThat(zeroed).isGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void hardenedCellsHoldAndOthersFailAsTheyDo(FaultKind kind) {
    var listed = new StringBuilder("layer,filter,index,bit\n");
    int ofFilter = WEIGHTS[0] / LAYERS.get(0).geometry().outChannels();
    for (int weight = 0; weight < WEIGHTS[0]; weight += 2) {
      listed.append(NAMES.get(0)).append(',').append(weight / ofFilter);
      listed.append(',').append(weight % ofFilter).append(",0\n");
    }
    byte[] bytes = listed.toString().getBytes(StandardCharsets.UTF_8);
    var cells =
        new HardenedCells("a.csv", Optional.empty(), Optional.empty(), 1.33)
            .with(CellTable.parse(bytes, "a.csv", "a.csv"));
    var bit = new Harden(Set.of(), Set.of(1), 1.33);
    var reads = reads(FaultEvent.CELL, kind, layout(cells, bit));
    for (var cell : cells()) {
      boolean holds =
          cell.bit() == 1 || (cell.layer() == 0 && cell.weight() % 2 == 0 && cell.bit() == 0);
      var plain = plain(FaultEvent.CELL, kind).read(cell);
      assertThat(reads.read(cell))
          .isEqualTo(holds ? new FaultReads.Reading(List.of(), 0, List.of()) : plain);
    }
  }

  /** Two wrong neighbours are left, read as zeros, or corrected. */
  @Test
  void twoWrongBitsOfAWordAreAsTheCodeDealsWithThem() {
    var event = FaultEvent.of("1x2");
    var keep = reads(event, FaultKind.BIT_FLIP, layout(code(Code.SECDED, 32, OnError.KEEP)));
    var zero = reads(event, FaultKind.BIT_FLIP, layout(code(Code.SECDED, 32, OnError.ZERO)));
    var corrects = reads(event, FaultKind.BIT_FLIP, layout(code(Code.BCH_DEC, 32, OnError.KEEP)));
    int both = 0;
    for (var cell : cells()) {
      var cells = together(event).apply(cell);
      boolean inOneWord =
          cells.size() == 2
              && MEMORY.column(cell.layer(), cell.weight(), cell.bit()) / STORAGE.word()
                  == MEMORY.column(cells.get(1).layer(), cells.get(1).weight(), cells.get(1).bit())
                      / STORAGE.word();
      var plain = plain(event, FaultKind.BIT_FLIP).read(cell);
      assertThat(keep.read(cell).changed())
          .containsExactlyInAnyOrderElementsOf(inOneWord ? plain.changed() : List.of());
      assertThat(zero.read(cell).changed()).allMatch(its -> its.after() == 0);
      assertThat(zero.read(cell).changed().isEmpty()).isEqualTo(!inOneWord);
      assertThat(corrects.read(cell).changed()).isEmpty();
      both += inOneWord ? 1 : 0;
    }
    assertThat(both).isGreaterThan(cells().size() / 2);
  }

  /** A trial in which one row fails is the single fault of that row, check cells and all. */
  @ParameterizedTest
  @EnumSource(FaultKind.class)
  void aRowIsATrialInWhichThatRowFails(FaultKind kind) {
    double rate = 1.0 / MEMORY.arrays() / STORAGE.rows();
    var places = new EventPlaces(FaultEvent.ROW, MEMORY, FaultScope.ALL);
    int compared = 0;
    for (var part :
        List.<Part>of(
            code(Code.PARITY, 32, OnError.ZERO),
            code(Code.SECDED, 32, OnError.KEEP),
            code(Code.HAMMING, 4, OnError.KEEP),
            code(Code.BCH_DEC, 16, OnError.ZERO))) {
      var layout = layout(part);
      var reads = reads(FaultEvent.ROW, kind, layout);
      var memory = new ProtectedMemory(layout);
      var data = Lines.ROW.source(3, MEMORY, FaultScope.ALL);
      var checks =
          new CheckSource(3, Lines.ROW, layout.checkColumns().orElseThrow(), FaultScope.ALL);
      byte[][] pristine = NETWORK.copyCodes();
      byte[][] codes = NETWORK.copyCodes();
      for (long trial = 0; trial < 60; trial++) {
        var map = data.draw(trial, rate);
        var rows =
            map.sites(rate).stream().mapToLong(s -> MEMORY.row(s.layer(), s.weight())).distinct();
        if (rows.count() == 1) {
          var tally =
              memory.read(
                  map,
                  Optional.of(checks.draw(trial, rate)),
                  kind,
                  rate,
                  ENCODING,
                  pristine,
                  codes);
          var first =
              map.sites(rate).stream()
                  .map(s -> new SingleFault(s.layer(), s.weight(), s.bit()))
                  .filter(places::isFirst)
                  .findFirst()
                  .orElseThrow();
          var reading = reads.read(first);
          assertThat(reading.faultyCells()).isEqualTo((int) tally.faultyCells());
          byte[][] read = NETWORK.copyCodes();
          reading.changed().forEach(its -> read[its.layer()][its.weight()] = its.after());
          assertThat(read).isDeepEqualTo(codes);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(20);
  }

  /** A weight with one stuck cell is written as the code that reads closest. */
  @Test
  void remappedWeightsReadAsCloseAsTheyCan() {
    var kind = FaultKind.STUCK_AT_1;
    var reads = reads(FaultEvent.CELL, kind, layout(new Remap(Set.of(), Remap.By.WEIGHT)));
    for (var cell : cells()) {
      int bits = BITS[cell.layer()];
      byte code = code(cell.layer(), cell.weight());
      int least = Integer.MAX_VALUE;
      for (int other = -(1 << (bits - 1)); other < 1 << (bits - 1); other++) {
        int stored = ENCODING.encode((byte) other, bits) | 1 << cell.bit();
        least = Math.min(least, Math.abs(ENCODING.decode(stored, bits) - code));
      }
      byte read = reads.read(cell).after(cell.layer(), cell.weight(), code);
      assertThat(Math.abs(read - code)).isEqualTo(least);
    }
  }

  /** Faults that change the same weights in the same way are run once, and count each. */
  @Test
  void faultsOfOneWordHaveOneEffect() {
    byte[] pixels = new byte[5 * NETWORK.inputShape().size()];
    new Random(3).nextBytes(pixels);
    var layout = layout(code(Code.PARITY, 32, OnError.ZERO));
    int perWord = MEMORY.codesPerWord(0);
    List<SingleFault> faults =
        cells().stream().filter(c -> c.layer() == 0 && c.weight() < 3 * perWord).toList();
    try (var runner =
        new SingleFaultRunner(
            NETWORK,
            reads(FaultEvent.CELL, FaultKind.BIT_FLIP, layout),
            pixels,
            new byte[5],
            () -> new ReferenceEngine(NETWORK))) {
      var known = new AtomicInteger();
      var results = runner.run(faults, known::addAndGet);
      assertThat(known).hasValue(5 * faults.size());
      for (var result : results) {
        var alone = runner.run(List.of(result.fault())).get(0);
        assertThat(result.effect()).isPresent().isEqualTo(alone.effect());
        assertThat(result.reading()).isEqualTo(alone.reading());
      }
      assertThat(results).anyMatch(its -> its.effect().orElseThrow().changedLogits() > 0);
    }
  }
}
