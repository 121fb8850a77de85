package org.bitquake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.bitquake.InputException;
import org.bitquake.stats.Law;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleFaultSamplerTest {
  private static final int[] WEIGHTS = {7, 30, 11};
  private static final int[] BITS = {4, 3, 8};
  private static final long CELLS = 7 * 4 + 30 * 3 + 11 * 8;

  private static List<SingleFault> draw(long seed, List<FaultStratum> strata) {
    var sampler = new SingleFaultSampler(seed, strata);
    return LongStream.range(0, sampler.count()).mapToObj(sampler::fault).toList();
  }

  private static List<FaultStratum> strata(Stratification by, FaultScope scope, long most) {
    return FaultStratum.of(by, WEIGHTS, BITS, scope, n -> Math.min(n, most));
  }

  @Test
  void everyOrderIsABijection() {
    for (long size = 1; size <= 300; size++) {
      var order = new Permutation(size, 3, size);
      assertThat(LongStream.range(0, size).map(order::at).sorted().toArray())
          .isEqualTo(LongStream.range(0, size).toArray());
    }
    var huge = new Permutation(1, 2, 1L << 62);
    assertThat(LongStream.range(0, 1000).map(huge::at).distinct().count()).isEqualTo(1000);
    assertThatThrownBy(() -> huge.at(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Permutation(1, 2, 0)).hasMessageContaining("0 numbers");
  }

  /** All ordered choices of 3 out of 6, over many seeds; and which cell of 1,000 comes first. */
  @Test
  void everyOrderedChoiceIsEquallyLikely() {
    long[] choices = new long[6 * 5 * 4];
    long[] first = new long[1000];
    for (long seed = 0; seed < 60_000; seed++) {
      var order = new Permutation(seed, 0, 6);
      int a = (int) order.at(0);
      int b = (int) order.at(1);
      int c = (int) order.at(2);
      int rankB = b - (a < b ? 1 : 0);
      int rankC = c - (a < c ? 1 : 0) - (b < c ? 1 : 0);
      choices[(a * 5 + rankB) * 4 + rankC]++;
      first[(int) new Permutation(seed, 1, 1000).at(seed % 1000)]++;
    }
    Law.assertUniform(choices);
    Law.assertUniform(first);
  }

  @ParameterizedTest
  @EnumSource
  void allCellsComeOnce(Stratification by) {
    var faults = draw(1, strata(by, FaultScope.ALL, Long.MAX_VALUE));
    assertThat(faults).hasSize((int) CELLS).doesNotHaveDuplicates();
    for (var fault : faults) {
      assertThat(fault.weight()).isBetween(0, WEIGHTS[fault.layer()] - 1);
      assertThat(fault.bit()).isBetween(0, BITS[fault.layer()] - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theScopeIsKept(Stratification by) {
    var scope = new FaultScope(Set.of(1, 2), Set.of(0, 7));
    assertThat(draw(1, strata(by, scope, Long.MAX_VALUE)))
        .hasSize(30 + 2 * 11)
        .allMatch(f -> scope.contains(f.layer(), f.bit()));
    assertThat(strata(by, new FaultScope(Set.of(1), Set.of(5)), 9)).isEmpty();
  }

  @Test
  void eachStratumGetsItsSample() {
    assertThat(strata(Stratification.NETWORK, FaultScope.ALL, 20))
        .extracting(FaultStratum::population)
        .containsExactly(CELLS);
    assertThat(strata(Stratification.LAYER, FaultScope.ALL, 20))
        .extracting(FaultStratum::population)
        .containsExactly(28L, 90L, 88L);
    var bits = strata(Stratification.BIT, FaultScope.ALL, 20);
    assertThat(bits).hasSize(15).extracting(FaultStratum::id).doesNotHaveDuplicates();
    assertThat(bits).extracting(FaultStratum::injected).contains(7L, 20L, 11L);
    assertThat(draw(5, bits)).hasSize(4 * 7 + 3 * 20 + 8 * 11).doesNotHaveDuplicates();
  }

  @Test
  void aLargerSampleContainsASmallerOne() {
    var few = draw(9, strata(Stratification.NETWORK, FaultScope.ALL, 20));
    var more = draw(9, strata(Stratification.NETWORK, FaultScope.ALL, 150));
    assertThat(more.subList(0, 20)).isEqualTo(few);
    assertThat(draw(10, strata(Stratification.NETWORK, FaultScope.ALL, 20))).isNotEqualTo(few);
  }

  @Test
  void aStratumsSampleDoesNotDependOnWhatElseIsInScope() {
    var all = new HashSet<>(draw(9, strata(Stratification.LAYER, FaultScope.ALL, 20)));
    var scope = new FaultScope(Set.of(1), Set.of());
    assertThat(all).containsAll(draw(9, strata(Stratification.LAYER, scope, 20)));
  }

  @Test
  void refusesWhatIsNoSample() {
    assertThatThrownBy(() -> new FaultStratum(0, List.of(), 0)).hasMessageContaining("no draw");
    assertThatThrownBy(() -> new FaultStratum(0, List.of(new FaultStratum.Block(0, 0, 3)), 4))
        .hasMessageContaining("no draw of 4");
    var sampler = new SingleFaultSampler(1, List.of());
    assertThatThrownBy(() -> sampler.fault(0)).hasMessageContaining("fault 0 of 0");
    assertThatThrownBy(() -> Stratification.of("filter"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("network, layer, bit");
  }
}
