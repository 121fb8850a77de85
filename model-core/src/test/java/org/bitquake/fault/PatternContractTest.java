package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.NaiveMemory;
import org.bitquake.memory.Storage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every pattern keeps exactly: nesting, marks, what a draw depends on and what it does not.
 */
class PatternContractTest {
  private static final long SEED = 77;
  private static final double[] RATES = {0, 1e-4, 0.003, 0.01, 0.05, 0.2, 0.5, 0.9, 1};

  // Words of 11 bits hold 2, 5, 1 and 3 codes, some with bits unused; the last array is filled in
  // part.
  private static final Storage STORAGE = new Storage(11, 9, 3, true);
  private static final int[] WEIGHTS = {21, 60, 25, 40};
  private static final int[] BITS = {4, 2, 8, 3};

  static Stream<KnownPattern> patterns() {
    return KnownPattern.all();
  }

  private static FaultSource source(FaultPattern pattern, FaultScope scope) {
    return pattern.source(SEED, new MemoryLayout(STORAGE, WEIGHTS, BITS, 1), scope);
  }

  private static FaultSource source(FaultPattern pattern, int[] weights, int[] bits) {
    return pattern.source(SEED, new MemoryLayout(STORAGE, weights, bits, 1), FaultScope.ALL);
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void faultsAtALowerRateAreASubsetWhateverTheRateDrawn(KnownPattern known) {
    var source = source(known.pattern(), FaultScope.ALL);
    for (long trial = 0; trial < 5; trial++) {
      Set<FaultSite> before = Set.of();
      for (double rate : RATES) {
        var sites = source.draw(trial, rate).sites(rate);
        assertThat(sites).as("drawn with 1").isEqualTo(source.draw(trial, 1).sites(rate));
        assertThat(sites)
            .as("drawn with more")
            .isEqualTo(source.draw(trial, (1 + rate) / 2).sites(rate));
        assertThat(sites).containsAll(before);
        before = Set.copyOf(sites);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void aCellsMarkIsTheRateAboveWhichItIsFaulty(KnownPattern known) {
    var source = source(known.pattern(), FaultScope.ALL);
    for (long trial = 0; trial < 4; trial++) {
      var map = source.draw(trial, 1);
      for (var site : map.sites(1)) {
        assertThat(site.mark()).isBetween(0.0, 1.0);
      }
      for (double rate : new double[] {0.01, 0.3, 0.8}) {
        var faulty = Set.copyOf(map.sites(rate));
        for (var site : map.sites(1)) {
          if (Math.abs(site.mark() - rate) > 1e-12) {
            assertThat(site.mark() < rate).isEqualTo(faulty.contains(site));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void marksAndRatesAreEachOthersInverse(KnownPattern known) {
    var pattern = known.pattern();
    assertThat(pattern.mark(0)).isZero();
    assertThat(pattern.rate(0)).isZero();
    assertThat(pattern.rate(pattern.mark(1))).isEqualTo(1);
    double last = 0;
    for (double rate = 1e-9; rate < 0.9999; rate = Math.min(rate * 1.07, rate + 0.01)) {
      double mark = pattern.mark(rate);
      assertThat(mark).as("mark of %s", rate).isGreaterThan(last);
      assertThat(pattern.rate(mark)).isCloseTo(rate, within(rate * 1e-11));
      last = mark;
    }
    assertThat(pattern.mark(1)).isGreaterThan(last);
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void rateZeroHitsNothingAndRateOneEveryCell(KnownPattern known) {
    for (var scope : List.of(FaultScope.ALL, new FaultScope(Set.of(1, 2), Set.of(0, 3)))) {
      var source = source(known.pattern(), scope);
      assertThat(source.draw(0, 0).sites(0)).isEmpty();
      assertThat(source.draw(0, 1).sites(0)).isEmpty();
      for (long trial = 0; trial < 10; trial++) {
        assertThat(source.draw(trial, 1).sites(1)).hasSize((int) source.cells());
      }
    }
    var all = source(known.pattern(), FaultScope.ALL);
    assertThat(all.cells()).isEqualTo(21 * 4 + 60 * 2 + 25 * 8 + 40 * 3);
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void aScopeOnlyFilters(KnownPattern known) {
    var all = source(known.pattern(), FaultScope.ALL);
    for (var scope :
        List.of(
            new FaultScope(Set.of(1), Set.of()),
            new FaultScope(Set.of(0, 3), Set.of(1)),
            new FaultScope(Set.of(), Set.of(2, 7)))) {
      var some = source(known.pattern(), scope);
      for (long trial = 0; trial < 10; trial++) {
        var inScope =
            all.draw(trial, 0.3).sites(0.3).stream()
                .filter(site -> scope.contains(site.layer(), site.bit()))
                .toList();
        assertThat(some.draw(trial, 0.3).sites(0.3)).isEqualTo(inScope);
      }
    }
    assertThat(source(known.pattern(), new FaultScope(Set.of(1), Set.of(5))).cells()).isZero();
  }

  /** Whatever comes after them in memory: more weights in the last layer, other layers. */
  @ParameterizedTest
  @MethodSource("patterns")
  void networksThatBeginAlikeShareTheirFaults(KnownPattern known) {
    var shorter = source(known.pattern(), WEIGHTS, BITS);
    var longer =
        source(known.pattern(), new int[] {21, 60, 25, 300, 90}, new int[] {4, 2, 8, 3, 6});
    for (long trial = 0; trial < 6; trial++) {
      for (double rate : new double[] {0.01, 0.3, 1}) {
        var shared =
            longer.draw(trial, rate).sites(rate).stream()
                .filter(site -> site.layer() < 3 || (site.layer() == 3 && site.weight() < 40))
                .toList();
        assertThat(shorter.draw(trial, rate).sites(rate)).isEqualTo(shared);
      }
    }
  }

  /** The same words, cut into codes of another width: the same places fail. */
  @ParameterizedTest
  @MethodSource("patterns")
  void codesOfOtherWidthsSeeTheSamePlacesFail(KnownPattern known) {
    if (known.pattern() == CellPattern.INSTANCE) {
      return; // its marks belong to weights
    }
    var storage = new Storage(8, 5, 2, false);
    int[][] weights = {{80}, {160}, {40}};
    int[][] bits = {{4}, {2}, {8}};
    for (long trial = 0; trial < 10; trial++) {
      Map<NaiveMemory.Spot, Double> first = null;
      for (int i = 0; i < bits.length; i++) {
        var naive = new NaiveMemory(storage, weights[i], bits[i], 1);
        var layout = new MemoryLayout(storage, weights[i], bits[i], 1);
        Map<NaiveMemory.Spot, Double> places = new HashMap<>();
        for (var site :
            known.pattern().source(SEED, layout, FaultScope.ALL).draw(trial, 0.3).sites(0.3)) {
          places.put(naive.spot(site.layer(), site.weight(), site.bit()), site.mark());
        }
        first = first == null ? places : first;
        assertThat(places).isEqualTo(first);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void drawsAreRepeatableInAnyOrder(KnownPattern known) {
    var source = source(known.pattern(), FaultScope.ALL);
    var first = source.draw(3, 0.3).sites(0.3);
    source.draw(4, 0.9);
    source
        .draw(5, 0.001)
        .apply(
            FaultKind.BIT_FLIP,
            0.001,
            Encoding.OFFSET_BINARY,
            Arrays.stream(WEIGHTS).mapToObj(byte[]::new).toArray(byte[][]::new));
    assertThat(source.draw(3, 0.3).sites(0.3)).isEqualTo(first);
    assertThat(source(known.pattern(), FaultScope.ALL).draw(3, 0.3).sites(0.3)).isEqualTo(first);
    Set<List<FaultSite>> trials = new HashSet<>();
    Set<List<FaultSite>> seeds = new HashSet<>();
    var layout = new MemoryLayout(STORAGE, WEIGHTS, BITS, 1);
    for (long i = 0; i < 40; i++) {
      trials.add(source.draw(i, 0.5).sites(0.5));
      seeds.add(known.pattern().source(i, layout, FaultScope.ALL).draw(1, 0.5).sites(0.5));
    }
    int least = layout.arrays() > 5 ? 20 : 5; // whole arrays have few ways to fail
    assertThat(trials).hasSizeGreaterThan(least);
    assertThat(seeds).hasSizeGreaterThan(least);
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void refusesImpossibleRates(KnownPattern known) {
    var source = source(known.pattern(), FaultScope.ALL);
    for (double rate : new double[] {-1e-9, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> source.draw(0, rate))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a fault rate is 0 to 1");
    }
    var map = source.draw(0, 0.1);
    assertThatThrownBy(() -> map.sites(0.11)).isInstanceOf(IllegalArgumentException.class);
  }
}
