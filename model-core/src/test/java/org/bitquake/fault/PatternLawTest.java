package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.NaiveMemory;
import org.bitquake.memory.Storage;
import org.bitquake.stats.Law;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pattern's faults follow their law: every cell at the rate, two cells as they should. */
class PatternLawTest {
  private static final long SEED = 20240615;

  static Stream<KnownPattern> patterns() {
    return KnownPattern.all();
  }

  static Stream<Arguments> patternsAndRates() {
    return patterns().flatMap(p -> Stream.of(0.02, 0.3, 0.85).map(rate -> Arguments.of(p, rate)));
  }

  /** Cells at edges, of codes beside unused bits, and of an array filled in part. */
  @ParameterizedTest
  @MethodSource("patternsAndRates")
  void everyCellIsFaultyAtTheRate(KnownPattern known, double rate) {
    int[] weights = {3, 10, 2, 4};
    int[] bits = {4, 2, 8, 3};
    int trials = 800;
    var layout = new MemoryLayout(new Storage(11, 4, 2, rate < 0.5), weights, bits, 1);
    var source = known.pattern().source(SEED, layout, FaultScope.ALL);
    int[][][] faults = new int[weights.length][10][8];
    for (long trial = 0; trial < trials; trial++) {
      for (var site : source.draw(trial, rate).sites(rate)) {
        faults[site.layer()][site.weight()][site.bit()]++;
      }
    }
    for (int layer = 0; layer < weights.length; layer++) {
      for (int weight = 0; weight < weights[layer]; weight++) {
        for (int bit = 0; bit < bits[layer]; bit++) {
          Law.assertBinomial(faults[layer][weight][bit], trials, rate, Law.LEVEL / 60);
        }
      }
    }
  }

  /** Trials are independent: the mean of many has a known error. */
  @ParameterizedTest
  @MethodSource("manyEvents")
  void theNumberOfFaultyCellsIsTheRatesShare(KnownPattern known, double rate) {
    int trials = 120;
    var layout = MemoryLayout.plain(new int[] {1200, 2000}, new int[] {4, 3});
    var source = known.pattern().source(SEED, layout, FaultScope.ALL);
    byte[][] codes = {new byte[1200], new byte[2000]};
    byte[][] faulty = {new byte[1200], new byte[2000]};
    double sum = 0;
    double squares = 0;
    for (long trial = 0; trial < trials; trial++) {
      double share =
          source
                  .draw(trial, rate)
                  .apply(FaultKind.BIT_FLIP, rate, Encoding.TWOS_COMPLEMENT, codes, faulty)
                  .faultyCells()
              / (double) source.cells();
      sum += share;
      squares += share * share;
    }
    double mean = sum / trials;
    double error = Math.sqrt((squares / trials - mean * mean) / (trials - 1));
    double critical = NormalDistribution.of(0, 1).inverseSurvivalProbability(Law.LEVEL / 2);
    assertThat(Math.abs(mean - rate) / error).isLessThan(critical);
  }

  /** Where few lines make all faults the normal law is a poor guide: their counts are exact. */
  static Stream<Arguments> manyEvents() {
    return patternsAndRates()
        .filter(
            arguments -> {
              var known = (KnownPattern) arguments.get()[0];
              double rate = (double) arguments.get()[1];
              return known.joint().of(rate, 256, 128, 9, 0) < 4 * rate * rate
                  && known.joint().of(rate, 256, 128, 0, 9) < 4 * rate * rate;
            });
  }

  @ParameterizedTest
  @MethodSource("patternsAndRates")
  void twoCellsAreBothFaultyAsTheirPlacesSay(KnownPattern known, double rate) {
    int rows = 6;
    int columns = 16;
    int trials = 1200;
    int[] weights = {24, 24};
    int[] bits = {4, 4};
    int[][] apart = {
      {0, 1}, {1, 0}, {1, 1}, {0, 2}, {2, 0}, {2, 1}, {3, 7}, {0, 15}, {5, 0}, {5, 15}
    };
    var storage = new Storage(8, rows, 2, rate > 0.5);
    var naive = new NaiveMemory(storage, weights, bits, 1);
    var layout = new MemoryLayout(storage, weights, bits, 1);
    var source = known.pattern().source(SEED + 1, layout, FaultScope.ALL);
    int[] both = new int[apart.length];
    int[] far = new int[apart.length];
    for (long trial = 0; trial < trials; trial++) {
      var faulty = new boolean[2][rows][columns];
      for (var site : source.draw(trial, rate).sites(rate)) {
        var spot = naive.spot(site.layer(), site.weight(), site.bit());
        faulty[spot.array()][spot.row()][spot.column()] = true;
      }
      for (int i = 0; i < apart.length; i++) {
        boolean second = faulty[0][apart[i][0]][apart[i][1]];
        both[i] += faulty[0][0][0] && second ? 1 : 0;
        far[i] += faulty[1][0][0] && second ? 1 : 0;
      }
    }
    for (int i = 0; i < apart.length; i++) {
      double joint = known.joint().of(rate, rows, columns, apart[i][0], apart[i][1]);
      Law.assertBinomial(both[i], trials, Math.min(1, joint), Law.LEVEL / 20);
      Law.assertBinomial(far[i], trials, rate * rate, Law.LEVEL / 20);
    }
  }
}
