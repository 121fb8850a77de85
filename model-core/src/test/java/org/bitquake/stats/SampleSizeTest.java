package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleSizeTest {
  /** Quantiles as in tables of the normal law. */
  @ParameterizedTest
  @CsvSource({"0.90, 1.644854", "0.95, 1.959964", "0.98, 2.326348", "0.99, 2.575829"})
  void theQuantileIsThatOfTheNormalLaw(double confidence, double expected) {
    assertThat(new SampleSize(0.01, confidence).quantile()).isEqualTo(expected, within(5e-7));
  }

  /** The sizes every textbook prints: 384.1, 16,587.2, 9,604. */
  @ParameterizedTest
  @CsvSource({
    "0.05, 0.95, 384.15",
    "0.01, 0.95, 9603.65",
    "0.05, 0.99, 663.49",
    "0.01, 0.99, 16587.24"
  })
  void withoutLimitItIsTheTextbooksSize(double margin, double confidence, double expected) {
    var size = new SampleSize(margin, confidence);
    assertThat(size.ofInfinite()).isEqualTo(expected, within(0.01));
    assertThat(size.of(Long.MAX_VALUE)).isEqualTo((long) Math.ceil(expected));
  }

  /** Krejcie and Morgan, 1970, table 1: e = 5 %, 95 %, with their rounding to the nearest. */
  @ParameterizedTest
  @CsvSource({"10, 10", "100, 80", "500, 217", "1000, 278", "10000, 370", "75000, 382"})
  void agreesWithThePublishedTableOfFinitePopulations(long population, long published) {
    assertThat(new SampleSize(0.05, 0.95).of(population)).isBetween(published, published + 1);
  }

  /**
   * N = 3, e = ½, t such that t²/4 = e²: n = 3 / (1 + 2) = 1 by hand; and with the margin of a
   * third, n = 3 / (1 + 2 · 4/9) = 27/17, rounded up to 2.
   */
  @Test
  void agreesWithTheFormulaByHand() {
    double oneSigma = 0.6826894921370859; // t = 1
    assertThat(new SampleSize(0.5, oneSigma).quantile()).isEqualTo(1, within(1e-12));
    assertThat(new SampleSize(0.5 + 1e-9, oneSigma).of(3)).isEqualTo(1);
    assertThat(new SampleSize(1 / 3.0, oneSigma).of(3)).isEqualTo(2);
  }

  @Test
  void growsWithThePopulationAndNeverExceedsIt() {
    var size = new SampleSize(0.01, 0.99);
    long before = 0;
    for (long population = 1; population < 1L << 50; population = population * 3 + 1) {
      long its = size.of(population);
      assertThat(its).isBetween(Math.max(1, before), population);
      before = its;
    }
    assertThat(size.of(1)).isOne();
  }

  @Test
  void refusesWhatIsNoMarginConfidenceOrPopulation() {
    assertThatThrownBy(() -> new SampleSize(0, 0.9)).hasMessageContaining("margin");
    assertThatThrownBy(() -> new SampleSize(0.1, 1)).hasMessageContaining("confidence");
    assertThatThrownBy(() -> new SampleSize(0.1, 0.9).of(0)).hasMessageContaining("0 faults");
  }
}
