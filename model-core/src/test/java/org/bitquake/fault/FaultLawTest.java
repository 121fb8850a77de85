package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.GeometricDistribution;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The marks follow their law: uniform on [0, 1) and independent. */
class FaultLawTest {
  private static final long SEED = 20240614;

  private static FaultSampler sampler(int weights, int bits) {
    return new FaultSampler(SEED, new int[] {weights}, new int[] {bits}, FaultScope.ALL);
  }

  @Test
  void theBandsTelescopeToTheRatesPeopleUse() {
    double missed = 1;
    for (int band = 0; band < Bands.COUNT; band++) {
      assertThat(1 - missed).isCloseTo(Bands.lower(band), offset(1e-15));
      missed *= 1 - Bands.hitProbability(band);
      assertThat(Bands.mark(band, 0)).isEqualTo(Bands.lower(band));
      assertThat(Bands.mark(band, 1 - 0x1p-53)).isLessThan(Bands.lower(band + 1));
    }
    assertThat(Bands.lower(Bands.COUNT)).isEqualTo(1);
    var edges = IntStream.range(0, Bands.COUNT).mapToObj(Bands::lower).toList();
    assertThat(edges)
        .isSorted()
        .contains(1e-6, 8e-6, 1e-5, 3e-4, 0.005, 0.01, 0.03, 0.05, 0.1, 0.8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-5, 1e-4, 1.5e-3, 0.01, 0.03, 0.07, 0.25, 0.5})
  void theNumberOfFaultsIsBinomial(double rate) {
    var sampler = sampler(50_000, 4);
    int trials = 20;
    int faults = 0;
    for (long trial = 0; trial < trials; trial++) {
      faults += sampler.draw(trial, rate).sites(rate).size();
    }
    Law.assertBinomial(faults, trials * 200_000, rate);
  }

  @Test
  void marksAreUniformBelowTheRate() {
    double rate = 0.05;
    long[] bins = new long[100];
    var sampler = sampler(10_000, 4);
    for (long trial = 0; trial < 50; trial++) {
      for (var site : sampler.draw(trial, rate).sites(rate)) {
        bins[(int) (site.mark() / rate * bins.length)]++;
      }
    }
    Law.assertUniform(bins);
  }

  @Test
  void marksFollowTheBandsCellByCell() {
    // The law of the bands, by coins, is the uniform law; and the sampler's marks are of that law.
    long[] coins = new long[40];
    var random = RandomSource.XO_SHI_RO_256_PP.create(5);
    for (int cell = 0; cell < 100_000; cell++) {
      coins[(int) (CellByCell.mark(random) * coins.length)]++;
    }
    Law.assertUniform(coins);
    long[] drawn = new long[40];
    for (var site : sampler(25_000, 4).draw(1, 1).sites(1)) {
      drawn[(int) (site.mark() * drawn.length)]++;
    }
    Law.assertSameLaw(drawn, coins);
  }

  @Test
  void theNumberOfFaultsOfASmallLayerIsAsCellByCell() {
    long[] drawn = new long[8];
    long[] coins = new long[8];
    var random = RandomSource.XO_SHI_RO_256_PP.create(6);
    var sampler = sampler(10, 4);
    for (long trial = 0; trial < 20_000; trial++) {
      drawn[Math.min(7, sampler.draw(trial, 0.08).sites(0.08).size())]++;
      int hits = 0;
      for (int cell = 0; cell < 40; cell++) {
        hits += CellByCell.mark(random) < 0.08 ? 1 : 0;
      }
      coins[Math.min(7, hits)]++;
    }
    Law.assertSameLaw(drawn, coins);
  }

  @Test
  void everyWeightAndEveryBitIsHitEquallyOften() {
    int weights = 60;
    int bits = 5;
    long[] cells = new long[weights * bits];
    var sampler = sampler(weights, bits);
    for (long trial = 0; trial < 20_000; trial++) {
      for (var site : sampler.draw(trial, 0.04).sites(0.04)) {
        cells[site.weight() * bits + site.bit()]++;
      }
    }
    Law.assertUniform(cells);
  }

  /** Gaps between faults along one bit position, at a rate that many bands make up. */
  @Test
  void gapsAreGeometric() {
    double rate = 0.1;
    long[] gaps = new long[60];
    double[] expected = new double[60];
    var sampler = sampler(1_000_000, 2);
    int last = -1;
    int count = 0;
    for (var site : sampler.draw(1, rate).sites(rate)) {
      if (site.bit() == 0) {
        gaps[Math.min(59, site.weight() - last - 1)]++;
        last = site.weight();
        count++;
      }
    }
    var law = GeometricDistribution.of(rate);
    for (int gap = 0; gap < 59; gap++) {
      expected[gap] = count * law.probability(gap);
    }
    expected[59] = count * law.survivalProbability(58);
    Law.assertFits(gaps, expected);
  }

  /** At p = 5 %, 18.55 % of the 4-bit words are hit, 7.6 % of those in more than one bit. */
  @Test
  void cellsOfAWordAreIndependent() {
    double p = 0.05;
    int words = 400_000;
    int[] masks = new int[words];
    for (var site : sampler(words, 4).draw(2, p).sites(p)) {
      masks[site.weight()] |= 1 << site.bit();
    }
    long[] observed = new long[16];
    double[] expected = new double[16];
    for (int mask : masks) {
      observed[mask]++;
    }
    for (int mask = 0; mask < 16; mask++) {
      int hit = Integer.bitCount(mask);
      expected[mask] = words * Math.pow(p, hit) * Math.pow(1 - p, 4 - hit);
    }
    // Three and four bits at once are too rare for χ²: one class.
    long[] merged = new long[12];
    double[] mergedExpected = new double[12];
    int next = 1;
    for (int mask = 0; mask < 16; mask++) {
      int to = Integer.bitCount(mask) > 2 ? 0 : next++;
      merged[to] += observed[mask];
      mergedExpected[to] += expected[mask];
    }
    Law.assertFits(merged, mergedExpected);

    int hit = words - (int) observed[0];
    double hitShare = 1 - Math.pow(1 - p, 4);
    assertThat(hitShare).isCloseTo(0.1855, offset(5e-5));
    Law.assertBinomial(hit, words, hitShare);
    double single = 4 * p * Math.pow(1 - p, 3);
    int several = hit - (int) (observed[1] + observed[2] + observed[4] + observed[8]);
    Law.assertBinomial(several, hit, 1 - single / hitShare);
    assertThat(1 - single / hitShare).isCloseTo(0.076, offset(5e-4));
  }

  /** Cells that differ in one of seed, trial, layer, bit or weight share faults by chance only. */
  @Test
  void marksOfDifferentCellsAreIndependent() {
    int weights = 20_000;
    double p = 0.1;
    var base = marks(SEED, 1, 0, 0, weights);
    for (var other :
        List.of(
            marks(SEED + 1, 1, 0, 0, weights),
            marks(SEED, 2, 0, 0, weights),
            marks(1, SEED, 0, 0, weights),
            marks(SEED, 1, 1, 0, weights),
            marks(SEED, 1, 0, 1, weights),
            shifted(base))) {
      long[] quadrants = new long[16];
      int both = 0;
      for (int weight = 0; weight < weights; weight++) {
        quadrants[4 * quarter(base[weight]) + quarter(other[weight])]++;
        both += base[weight] < p && other[weight] < p ? 1 : 0;
      }
      Law.assertUniform(quadrants);
      Law.assertBinomial(both, weights, p * p);
    }
  }

  private static int quarter(double mark) {
    return (int) (mark * 4);
  }

  private static double[] shifted(double[] marks) {
    double[] shifted = new double[marks.length];
    for (int i = 0; i < marks.length; i++) {
      shifted[i] = marks[(i + 1) % marks.length];
    }
    return shifted;
  }

  private static double[] marks(long seed, long trial, int layer, int bit, int weights) {
    double[] marks = new double[weights];
    new FaultSampler(seed, new int[] {weights, weights}, new int[] {2, 2}, FaultScope.ALL)
        .draw(trial, 1).sites(1).stream()
            .filter(site -> site.layer() == layer && site.bit() == bit)
            .forEach(site -> marks[site.weight()] = site.mark());
    return marks;
  }
}
