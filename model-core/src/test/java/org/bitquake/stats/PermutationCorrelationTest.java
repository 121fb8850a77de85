package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class PermutationCorrelationTest {
  @Test
  void ofFourPairsByHand() {
    var perfect =
        PermutationCorrelation.of(new double[] {1, 2, 3, 9}, new double[] {10, 20, 25, 90});
    assertThat(perfect.spearman()).isEqualTo(1);
    assertThat(perfect.spearmanP()).isCloseTo(2 / 24.0, offset(1e-12));
    assertThat(perfect.pearsonP()).isEqualTo(1 / 24.0); // its reverse is less strong
    assertThat(PermutationCorrelation.smallestP(4)).isEqualTo(1 / 24.0);

    // Ranks 1 2 3 4 against 2 1 3 4: ρ = 1 − 6·2 / (4·15). Of the 24 orders 1 has 1, 3 have 0.8
    // (one swap of neighbours), and as many the opposite.
    var swapped = PermutationCorrelation.of(new double[] {1, 2, 3, 4}, new double[] {7, 5, 8, 9});
    assertThat(swapped.spearman()).isCloseTo(0.8, offset(1e-12));
    assertThat(swapped.spearmanP()).isCloseTo(8 / 24.0, offset(1e-12));

    var reversed = PermutationCorrelation.of(new double[] {1, 2, 3}, new double[] {3, 2, 1});
    assertThat(reversed.pearson()).isCloseTo(-1, offset(1e-12));
    assertThat(reversed.pearsonP()).isCloseTo(2 / 6.0, offset(1e-12));
  }

  @Test
  void tiesShareTheirRank() {
    var tied = PermutationCorrelation.of(new double[] {1, 1, 2, 3}, new double[] {5, 5, 6, 7});
    assertThat(tied.spearman()).isCloseTo(1, offset(1e-12));
    assertThat(tied.spearmanP()).isEqualTo(2 / 24.0); // both equal ones in either order; no reverse
  }

  @Test
  void nothingIsKnownOfAConstant() {
    var constant = PermutationCorrelation.of(new double[] {1, 1, 1}, new double[] {1, 2, 3});
    assertThat(constant.pearson()).isNaN();
    assertThat(constant.pearsonP()).isEqualTo(1);
  }

  /** Under independence P(p ≤ 0.2) is at most 0.2, by trying all orders and by sampling them. */
  @Test
  void theTestKeepsItsLevel() {
    var random = RandomSource.XO_SHI_RO_256_PP.create(new long[] {5, 0, 1, 2});
    for (int pairs : new int[] {6, 12}) {
      int runs = pairs == 6 ? 400 : 40;
      int small = 0;
      for (int r = 0; r < runs; r++) {
        double[] x = random.doubles(pairs).toArray();
        double[] y = random.doubles(pairs).toArray();
        small += PermutationCorrelation.of(x, y).pearsonP() <= 0.2 ? 1 : 0;
      }
      var law = new BinomialDistribution(null, runs, 0.2);
      assertThat(small).isLessThanOrEqualTo(law.inverseCumulativeProbability(0.9999));
      assertThat(small).isGreaterThanOrEqualTo(law.inverseCumulativeProbability(0.0001));
    }
  }

  @Test
  void twoPairsAreRefused() {
    assertThatThrownBy(() -> PermutationCorrelation.of(new double[2], new double[2]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PermutationCorrelation.of(new double[3], new double[4]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
