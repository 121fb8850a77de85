package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.bitquake.InputException;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Clusters.Shape;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of each pattern: which places they cover, and how many there are. */
class EventsTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 16;

  /** 240 weights of 4 bits fill 10 arrays of 6 × 16. */
  private static final MemoryLayout MEMORY =
      new MemoryLayout(new Storage(8, ROWS, 2, true), new int[] {240}, new int[] {4}, 1);

  /** The places that share a mark. */
  private static Map<Double, Set<List<Long>>> events(
      FaultPattern pattern, long trial, double rate) {
    Map<Double, Set<List<Long>>> events = new TreeMap<>();
    var stream = new EventStream(HitRun.PLAIN_BLOCKS);
    stream.begin(new Philox(6, trial));
    pattern.draw(
        stream,
        MEMORY,
        pattern.mark(rate),
        (row, column, mark) ->
            events.computeIfAbsent(mark, m -> new HashSet<>()).add(List.of(row, (long) column)));
    return events;
  }

  @Test
  void aClusterIsItsShapeWrappedAtTheEdgesOfItsArray() {
    var clusters = new Clusters(List.of(new Shape(2, 3, 1)));
    Set<List<Long>> seen = new HashSet<>();
    for (long trial = 0; trial < 200; trial++) {
      for (var event : events(clusters, trial, 0.1).values()) {
        Set<Set<List<Long>>> possible = new HashSet<>();
        for (var place : event) {
          possible.add(rectangle(place.get(0), place.get(1), 2, 3));
        }
        assertThat(possible).contains(event);
        seen.addAll(event);
      }
    }
    assertThat(seen).as("every place of all arrays").hasSize(10 * ROWS * COLUMNS);
  }

  private static Set<List<Long>> rectangle(long row, long column, int rows, int columns) {
    Set<List<Long>> places = new HashSet<>();
    long array = row - row % ROWS;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        places.add(List.of(array + (row % ROWS + i) % ROWS, (column + j) % COLUMNS));
      }
    }
    return places;
  }

  @ParameterizedTest
  @EnumSource(Lines.class)
  void aLineFailsAsAWhole(Lines lines) {
    for (long trial = 0; trial < 50; trial++) {
      for (var event : events(lines, trial, 0.3).values()) {
        var first = event.iterator().next();
        long array = first.get(0) / ROWS;
        Set<List<Long>> line = new HashSet<>();
        LongStream.range(array * ROWS, (array + 1) * ROWS)
            .filter(row -> lines != Lines.ROW || row == first.get(0))
            .forEach(
                row ->
                    LongStream.range(0, COLUMNS)
                        .filter(c -> lines != Lines.COLUMN || c == first.get(1))
                        .forEach(c -> line.add(List.of(row, c))));
        assertThat(event).isEqualTo(line);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Lines.class)
  void theNumberOfFailedLinesIsBinomial(Lines lines) {
    int trials = 500;
    int all = Map.of(Lines.ROW, 60, Lines.COLUMN, 160, Lines.ARRAY, 10).get(lines);
    int width = 960 / all;
    for (double rate : new double[] {0.01, 0.2, 0.9}) {
      var source = lines.source(8, MEMORY, FaultScope.ALL);
      int failed = 0;
      for (long trial = 0; trial < trials; trial++) {
        int cells = source.draw(trial, rate).sites(rate).size();
        assertThat(cells % width).isZero();
        failed += cells / width;
      }
      Law.assertBinomial(failed, trials * all, rate);
    }
  }

  /** E[C(R, n) (1 − e^−λg)ⁿ e^−λg(R − n)], expanded, by the Laplace transform of g. */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 1, 4, 100})
  void theFaultsOfAWeakColumnAreAMixtureOfBinomials(double shape) {
    double rate = 0.2;
    double strength = shape * (Math.pow(1 - rate, -1 / shape) - 1);
    int trials = 200;
    double[] expected = new double[ROWS + 1];
    for (int n = 0; n <= ROWS; n++) {
      for (int j = 0; j <= n; j++) {
        double transform = Math.pow(1 + strength * (ROWS - n + j) / shape, -shape);
        expected[n] +=
            CombinatoricsUtils.binomialCoefficientDouble(n, j) * (j % 2 == 0 ? 1 : -1) * transform;
      }
      expected[n] *= CombinatoricsUtils.binomialCoefficientDouble(ROWS, n) * trials * 160;
    }
    long[] observed = new long[ROWS + 1];
    for (long trial = 0; trial < trials; trial++) {
      Set<List<Long>> faulty = new HashSet<>();
      events(new WeakColumns(shape), trial, rate).values().forEach(faulty::addAll);
      int[] columns = new int[160];
      for (var place : faulty) {
        columns[(int) (place.get(0) / ROWS * COLUMNS + place.get(1))]++;
      }
      for (int faults : columns) {
        observed[faults]++;
      }
    }
    if (expected[ROWS] < 10) { // too rare for χ²: with the class below
      merge(observed, expected);
    }
    Law.assertFits(observed, expected);
  }

  private static void merge(long[] observed, double[] expected) {
    for (int n = ROWS; n > 0 && expected[n] < 10; n--) {
      observed[n - 1] += observed[n];
      expected[n - 1] += expected[n];
      observed[n] = 10; // a class that says nothing
      expected[n] = 10;
    }
  }

  static List<KnownPattern> patterns() {
    return KnownPattern.all().toList();
  }

  /** Where the processor has no wide vectors both are drawn without. */
  @ParameterizedTest
  @MethodSource("patterns")
  void vectorsDrawTheSame(KnownPattern known) {
    if (known.pattern() == CellPattern.INSTANCE) {
      return; // FaultSamplerTest
    }
    var memory = MemoryLayout.plain(new int[] {150, 12_000}, new int[] {4, 3});
    var plain = new PatternSampler(6, known.pattern(), memory, FaultScope.ALL, Long.MAX_VALUE);
    var lanes = new PatternSampler(6, known.pattern(), memory, FaultScope.ALL, 0);
    for (double rate : new double[] {0.001, 0.05, 0.6}) {
      assertThat(lanes.draw(1, rate).sites(rate)).isEqualTo(plain.draw(1, rate).sites(rate));
    }
  }

  @Test
  void refusesShapesThatAreNoneOrDoNotFit() {
    var wide = new Clusters(List.of(new Shape(1, 17, 1)));
    assertThatThrownBy(() -> wide.source(1, MEMORY, FaultScope.ALL))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "cluster: a shape of 1x17 cells does not fit an array of 6x16; give smaller shapes or larger arrays");
    var tall = new Clusters(List.of(new Shape(7, 1, 1)));
    assertThatThrownBy(() -> tall.source(1, MEMORY, FaultScope.ALL))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> new Clusters(List.of(new Shape(1, 1, 0.5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the shares of cluster sum to 0.5, not to 1");
    assertThatThrownBy(() -> new Clusters(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Shape(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Shape(1, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WeakColumns(0.001)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WeakColumns(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
