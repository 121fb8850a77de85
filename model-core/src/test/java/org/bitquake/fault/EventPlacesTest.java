package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bitquake.InputException;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.NaiveMemory;
import org.bitquake.memory.NaiveMemory.Cell;
import org.bitquake.memory.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events of several cells against a walk through a memory filled by hand. */
class EventPlacesTest {
  private static final int[] WEIGHTS = {7, 20, 6, 9};
  private static final int[] BITS = {4, 3, 8, 2};

  static Stream<Arguments> cases() {
    List<FaultScope> scopes =
        List.of(
            FaultScope.ALL,
            new FaultScope(Set.of(1, 2), Set.of()),
            new FaultScope(Set.of(), Set.of(1, 3)));
    List<Storage> storages =
        List.of(new Storage(11, 4, 2, true), new Storage(8, 3, 3, false), Storage.DEFAULT);
    return Stream.of("cell", "1x2", "2x1", "2x2", "3x4", "row", "column")
        .map(FaultEvent::of)
        .flatMap(
            event ->
                scopes.stream()
                    .flatMap(scope -> storages.stream().map(s -> Arguments.of(event, scope, s))));
  }

  /** First cells of all events, with the cells of each. */
  private static Map<String, Set<Cell>> walked(
      FaultEvent event, FaultScope scope, NaiveMemory memory) {
    var events = new TreeMap<String, Set<Cell>>();
    for (int array = 0; array < memory.arrays(); array++) {
      for (int row = 0; row < memory.rows(); row++) {
        for (int column = 0; column < memory.columns(); column++) {
          Cell first = null;
          Set<Cell> cells = new HashSet<>();
          boolean begins =
              switch (event.form()) {
                case ROW -> column == 0;
                case COLUMN -> row == 0;
                case BLOCK -> true;
              };
          int down =
              switch (event.form()) {
                case ROW -> 1;
                case COLUMN -> memory.rows();
                case BLOCK -> event.rows();
              };
          int across =
              switch (event.form()) {
                case ROW -> memory.columns();
                case COLUMN -> 1;
                case BLOCK -> event.columns();
              };
          for (int i = 0; begins && i < down; i++) {
            for (int j = 0; j < across; j++) {
              Cell cell =
                  memory.at(array, (row + i) % memory.rows(), (column + j) % memory.columns());
              boolean counts = cell != null && scope.contains(cell.layer(), cell.cell());
              if (counts
                  && (first != null || event.form() != FaultEvent.Form.BLOCK || i + j == 0)) {
                first = first == null ? cell : first;
                cells.add(cell);
              }
            }
          }
          if (first != null) {
            events.put(first.toString(), cells);
          }
        }
      }
    }
    return events;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eventsAreThoseOfAWalk(FaultEvent event, FaultScope scope, Storage storage) {
    var expected = walked(event, scope, new NaiveMemory(storage, WEIGHTS, BITS, 1));
    var places = new EventPlaces(event, new MemoryLayout(storage, WEIGHTS, BITS, 1), scope);
    var strata = FaultStratum.of(Stratification.BIT, BITS, places::count, n -> n);
    var sampler = new SingleFaultSampler(5, strata, places);
    var seen = new TreeMap<String, Set<Cell>>();
    for (long number = 0; number < sampler.count(); number++) {
      var first = sampler.fault(number);
      var cells = places.cells(first);
      assertThat(cells).doesNotHaveDuplicates().contains(first);
      assertThat(places.isFirst(first)).isTrue();
      Set<Cell> set = new HashSet<>();
      cells.forEach(c -> set.add(new Cell(c.layer(), c.weight(), c.bit())));
      String name = new Cell(first.layer(), first.weight(), first.bit()).toString();
      assertThat(seen.put(name, set)).as("%s twice", first).isNull();
    }
    assertThat(seen).isEqualTo(expected);
  }

  /** Each of them is its own stratum's, so a sample of any size of all is a draw without return. */
  @Test
  void singleCellsAreWhatTheyWere() {
    var layout = new MemoryLayout(Storage.DEFAULT, WEIGHTS, BITS, 1);
    for (var by : Stratification.values()) {
      var old = FaultStratum.of(by, WEIGHTS, BITS, FaultScope.ALL, n -> n / 2);
      var places = new EventPlaces(FaultEvent.CELL, layout, FaultScope.ALL);
      assertThat(FaultStratum.of(by, BITS, places::count, n -> n / 2)).isEqualTo(old);
      var a = new SingleFaultSampler(3, old);
      var b = new SingleFaultSampler(3, old, places);
      for (long number = 0; number < a.count(); number++) {
        assertThat(b.fault(number)).isEqualTo(a.fault(number));
        assertThat(places.cells(a.fault(number))).containsExactly(a.fault(number));
      }
    }
  }

  @Test
  void labelsAreReadAsTheyAreWritten() {
    List<String> labels = new ArrayList<>();
    for (String label : List.of("cell", "row", "column", "1x2", "16x1", "1024x1024")) {
      labels.add(FaultEvent.of(label).label());
    }
    assertThat(labels).containsExactly("cell", "row", "column", "1x2", "16x1", "1024x1024");
    for (String label : List.of("1x1", "0x2", "2x", "array", "2X2", "1025x1", "")) {
      assertThatThrownBy(() -> FaultEvent.of(label))
          .isInstanceOf(InputException.class)
          .hasMessageNotContaining("\n");
    }
    var layout = new MemoryLayout(new Storage(8, 3, 3, false), WEIGHTS, BITS, 1);
    assertThatThrownBy(() -> new EventPlaces(FaultEvent.of("4x1"), layout, FaultScope.ALL))
        .hasMessage("a block of 4x1 cells is larger than an array of 3x24");
  }
}
