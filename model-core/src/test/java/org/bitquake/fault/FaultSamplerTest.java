package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a mark depends on, and what it does not. */
class FaultSamplerTest {
  private static final int[] WEIGHTS = {150, 2400, 840};
  private static final int[] BITS = {8, 4, 2};

  private static FaultSampler sampler(long seed) {
    return new FaultSampler(seed, WEIGHTS, BITS, FaultScope.ALL);
  }

  private static List<FaultSite> below(List<FaultSite> sites, double rate) {
    return sites.stream().filter(site -> site.mark() < rate).toList();
  }

  @Test
  void aMarkIsWhatTheDocumentedStreamsGiveTheCell() {
    int[] weights = {7, 30};
    int[] bits = {3, 8};
    for (long trial : new long[] {0, 1, -1, Long.MIN_VALUE}) {
      for (long seed : new long[] {0, 42, -7}) {
        var expected = new ArrayList<FaultSite>();
        for (int layer = 0; layer < 2; layer++) {
          for (int weight = 0; weight < weights[layer]; weight++) {
            for (int bit = 0; bit < bits[layer]; bit++) {
              double mark = CellByCell.mark(seed, trial, layer, weight, bit);
              expected.add(new FaultSite(layer, weight, bit, mark));
            }
          }
        }
        var sampler = new FaultSampler(seed, weights, bits, FaultScope.ALL);
        for (double rate : new double[] {1, 0.5, 0.137, 0.02}) {
          assertThat(sampler.draw(trial, rate).sites(rate)).isEqualTo(below(expected, rate));
        }
      }
    }
  }

  @Test
  void faultsAtALowerRateAreASubsetWhateverTheRateDrawn() {
    var sampler = sampler(1);
    double[] rates = {0, 1e-9, 1e-6, 3.3e-5, 1e-3, 0.0099, 0.01, 0.0101, 0.05, 0.3, 0.8, 0.9, 1};
    for (long trial = 0; trial < 5; trial++) {
      var all = sampler.draw(trial, 1).sites(1);
      for (double rate : rates) {
        assertThat(sampler.draw(trial, 1).sites(rate)).isEqualTo(below(all, rate));
        assertThat(sampler.draw(trial, rate).sites(rate)).isEqualTo(below(all, rate));
      }
    }
  }

  @Test
  void rateZeroHitsNothingAndRateOneHitsEveryCell() {
    var sampler = sampler(1);
    assertThat(sampler.draw(0, 0).sites(0)).isEmpty();
    assertThat(sampler.draw(0, 1).sites(0)).isEmpty();
    assertThat(sampler.draw(0, 1).sites(1)).hasSize((int) sampler.cells());
    assertThat(sampler.cells()).isEqualTo(150 * 8 + 2400 * 4 + 840 * 2);
  }

  @Test
  void aMarkDoesNotDependOnTheShapeOfTheNetwork() {
    var small = sampler(3).draw(9, 0.4).sites(0.4);
    var wide =
        new FaultSampler(
                3, new int[] {5000, 9000, 9000, 10}, new int[] {8, 8, 8, 8}, FaultScope.ALL)
            .draw(9, 0.4)
            .sites(0.4);
    assertThat(
            wide.stream()
                .filter(
                    site ->
                        site.layer() < 3
                            && site.weight() < WEIGHTS[site.layer()]
                            && site.bit() < BITS[site.layer()]))
        .isEqualTo(small);
  }

  @Test
  void aScopeOnlyFilters() {
    var all = sampler(5).draw(11, 0.2).sites(0.2);
    for (var scope :
        List.of(
            new FaultScope(Set.of(1), Set.of()),
            new FaultScope(Set.of(0, 2), Set.of(1)),
            new FaultScope(Set.of(), Set.of(3, 7)))) {
      var sampler = new FaultSampler(5, WEIGHTS, BITS, scope);
      var inScope = all.stream().filter(site -> scope.contains(site.layer(), site.bit())).toList();
      assertThat(sampler.draw(11, 0.2).sites(0.2)).isEqualTo(inScope).isNotEmpty();
      assertThat(sampler.draw(11, 1).sites(1)).hasSize((int) sampler.cells());
    }
    var nowhere = new FaultSampler(5, WEIGHTS, BITS, new FaultScope(Set.of(2), Set.of(5)));
    assertThat(nowhere.cells()).isZero();
    assertThat(nowhere.draw(11, 1).sites(1)).isEmpty();
  }

  @Test
  void drawsAreRepeatableInAnyOrder() {
    var sampler = sampler(8);
    var first = sampler.draw(3, 0.1).sites(0.1);
    sampler.draw(4, 0.9);
    sampler
        .draw(5, 0.001)
        .apply(
            FaultKind.BIT_FLIP,
            0.001,
            Encoding.OFFSET_BINARY,
            new byte[][] {new byte[150], new byte[2400], new byte[840]});
    assertThat(sampler.draw(3, 0.1).sites(0.1)).isEqualTo(first);
    assertThat(sampler(8).draw(3, 0.1).sites(0.1)).isEqualTo(first);
    assertThat(sampler(9).draw(3, 0.1).sites(0.1)).isNotEqualTo(first);
    assertThat(sampler.draw(2, 0.1).sites(0.1)).isNotEqualTo(first);
  }

  /** Where the processor has no wide vectors both are drawn without. */
  @Test
  void vectorsDrawTheSame() {
    int[] weights = {7, 150, 100_000};
    int[] bits = {8, 4, 2};
    var plain = new FaultSampler(6, weights, bits, FaultScope.ALL, Long.MAX_VALUE);
    var lanes = new FaultSampler(6, weights, bits, FaultScope.ALL, 0);
    for (double rate : new double[] {1e-6, 0.001, 0.01, 0.137, 0.9, 1}) {
      for (long trial = 0; trial < 3; trial++) {
        assertThat(lanes.draw(trial, rate).sites(rate))
            .isEqualTo(plain.draw(trial, rate).sites(rate));
      }
    }
  }

  @Test
  void reachesWeightsBeyondAnIntOfCells() {
    int weights = (1 << 28) - 1;
    var sampler = new FaultSampler(1, new int[] {weights}, new int[] {8}, FaultScope.ALL);
    var sites = sampler.draw(1, 1e-6).sites(1e-6);
    assertThat(sites).allMatch(site -> site.weight() >= 0 && site.weight() < weights);
    assertThat(sites.get(sites.size() - 1).weight()).isGreaterThan(weights - 10_000_000);
  }

  /** Changes whenever the generator does: every published campaign would have to be run again. */
  @Test
  void givesTheKnownSites() {
    var sites = new FaultSampler(2024, WEIGHTS, BITS, FaultScope.ALL).draw(7, 0.001).sites(0.001);
    assertThat(sites)
        .containsExactly(
            new FaultSite(0, 78, 7, 6.403364104970805E-4),
            new FaultSite(1, 340, 2, 1.6758108921560033E-4),
            new FaultSite(1, 515, 1, 3.748750923672073E-4),
            new FaultSite(1, 531, 1, 2.8149899977212808E-5),
            new FaultSite(1, 549, 0, 7.118240575385837E-4),
            new FaultSite(1, 554, 1, 8.99186787935741E-4),
            new FaultSite(1, 555, 2, 1.0213779580767559E-4),
            new FaultSite(1, 942, 2, 5.09707788289524E-4),
            new FaultSite(1, 1661, 1, 9.389855433707657E-4),
            new FaultSite(1, 1665, 2, 8.664930583760712E-4),
            new FaultSite(1, 1959, 3, 7.6961314473168E-4),
            new FaultSite(1, 2104, 3, 5.299952082396343E-4),
            new FaultSite(1, 2117, 2, 7.394459395185496E-4),
            new FaultSite(1, 2193, 1, 4.0693779793104975E-4),
            new FaultSite(2, 198, 1, 9.591505408128196E-4));
  }

  @Test
  void refusesImpossibleRatesAndShapes() {
    var sampler = sampler(1);
    for (double rate : new double[] {-1e-9, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> sampler.draw(0, rate)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new FaultSampler(1, new int[] {3}, new int[] {4, 4}, FaultScope.ALL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FaultSampler(1, new int[] {0}, new int[] {4}, FaultScope.ALL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FaultSampler(1, new int[] {3}, new int[] {9}, FaultScope.ALL))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
