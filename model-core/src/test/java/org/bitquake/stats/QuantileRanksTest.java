package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileRanksTest {
  private static final double[] QUANTILES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

  /** The familiar intervals for the median. */
  @ParameterizedTest
  @CsvSource({"10, 2, 9", "6, 1, 6", "5, 0, 6", "20, 6, 15", "25, 8, 18"})
  void mediansAreThoseOfThePublishedTable(int n, int low, int high) {
    assertThat(QuantileRanks.of(n, 0.5, 0.95)).isEqualTo(new QuantileRanks((n + 1) / 2, low, high));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 30, 100, 257})
  void eachTailIsAsLargeAsItMayBe(int n) {
    for (double q : QUANTILES) {
      for (double confidence : new double[] {0.8, 0.95, 0.99}) {
        var ranks = QuantileRanks.of(n, q, confidence);
        double tail = (1 - confidence) / 2;
        double[] law = binomial(n, q);
        assertThat(sum(law, 0, ranks.low())).isLessThanOrEqualTo(tail + 1e-12);
        assertThat(sum(law, ranks.high(), n + 1)).isLessThanOrEqualTo(tail + 1e-12);
        assertThat(sum(law, 0, ranks.low() + 1)).isGreaterThan(tail);
        assertThat(sum(law, ranks.high() - 1, n + 1)).isGreaterThan(tail);
        assertThat(ranks.rank()).isBetween(Math.max(1, ranks.low()), Math.min(n, ranks.high()));
      }
    }
  }

  /** P(B = k) for all k, exactly and then rounded. */
  private static double[] binomial(int n, double q) {
    var p = new BigDecimal(q);
    var law = new BigDecimal[] {BigDecimal.ONE};
    for (int i = 0; i < n; i++) {
      var next = new BigDecimal[law.length + 1];
      Arrays.fill(next, BigDecimal.ZERO);
      for (int k = 0; k < law.length; k++) {
        next[k] = next[k].add(law[k].multiply(BigDecimal.ONE.subtract(p), MathContext.DECIMAL64));
        next[k + 1] = next[k + 1].add(law[k].multiply(p, MathContext.DECIMAL64));
      }
      law = next;
    }
    return Arrays.stream(law).mapToDouble(BigDecimal::doubleValue).toArray();
  }

  private static double sum(double[] law, int from, int to) {
    return Arrays.stream(law, from, to).sum();
  }

  /** Coverage over laws with few values, where many observations are equal. */
  @Test
  void coversTheQuantilesOfCoarseLaws() {
    var random = new SplittableRandom(5);
    int campaigns = 4000;
    for (double q : QUANTILES) {
      int n = 60;
      int values = 12;
      int truth = (int) Math.ceil(values * q) - 1; // of the uniform law on 0 … 11
      var ranks = QuantileRanks.of(n, q, 0.95);
      int covered = 0;
      for (int c = 0; c < campaigns; c++) {
        int[] sorted = random.ints(n, 0, values).sorted().toArray();
        boolean low = ranks.low() == 0 || sorted[ranks.low() - 1] <= truth;
        boolean high = ranks.high() == n + 1 || sorted[ranks.high() - 1] >= truth;
        covered += low && high ? 1 : 0;
      }
      double critical = 0.95 - 3.09 * Math.sqrt(0.95 * 0.05 / campaigns); // one in a thousand
      assertThat((double) covered / campaigns).as("q = %s", q).isGreaterThan(critical);
    }
  }

  @Test
  void refusesWhatIsNoQuantile() {
    assertThatThrownBy(() -> QuantileRanks.of(0, 0.5, 0.95)).hasMessageContaining("0 observations");
    assertThatThrownBy(() -> QuantileRanks.of(9, 0, 0.95)).hasMessageContaining("between 0 and 1");
    assertThatThrownBy(() -> QuantileRanks.of(9, 0.5, 1)).hasMessageContaining("between 0 and 1");
  }
}
