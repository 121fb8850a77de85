package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import org.apache.commons.statistics.distribution.TDistribution;
import org.bitquake.stats.CellEstimate.Interval;
import org.junit.jupiter.api.Test;

class CellEstimateTest {
  private static DifferenceTally tally(int images, int[]... correctAndGolden) {
    var tally = DifferenceTally.empty(images);
    for (int[] trial : correctAndGolden) {
      tally =
          tally.merge(
              DifferenceTally.of(images, trial[0], trial[1], Math.abs(trial[0] - trial[1]), 1));
    }
    return tally;
  }

  /** By hand: d = −2, −4, 0; mean −2, s = 2; t₂ at 97.5 % is 4.30265. */
  @Test
  void givesTheStudentIntervalOfTheControlVariate() {
    var trials = tally(10, new int[] {7, 9}, new int[] {4, 8}, new int[] {10, 10});
    var estimate = CellEstimate.of(trials, 880, 1000, true, 0.95);
    assertThat(estimate.interval()).isEqualTo(Interval.STUDENT_T);
    assertThat(estimate.trials()).isEqualTo(3);
    assertThat(estimate.meanAccuracy()).hasValueCloseTo(0.88 - 0.2, offset(1e-15));
    assertThat(estimate.halfWidth())
        .hasValueCloseTo(4.302652729749464 * 2 / Math.sqrt(3) / 10 + 0.5 / 30, offset(1e-8));
    assertThat(estimate.standardDeviation()).hasValueCloseTo(0.3, offset(1e-15)); // 7, 4, 10
    assertThat(estimate.displayedLow()).hasValueCloseTo(0.68 - 0.49682 - 0.01667, offset(1e-4));
    assertThat(estimate.displayedHigh()).hasValue(1);
  }

  @Test
  void isThePlainMeanWhenTrialsRunAllImages() {
    var trials = tally(200, new int[] {120, 180}, new int[] {131, 180}, new int[] {90, 180});
    var estimate = CellEstimate.of(trials, 180, 200, true, 0.95);
    double mean = (120 + 131 + 90) / 600.0;
    assertThat(estimate.meanAccuracy()).hasValueCloseTo(mean, offset(1e-15));
    double s = estimate.standardDeviation().orElseThrow();
    double t = Intervals.studentQuantile(2, 0.05);
    double k3 = 0;
    for (int correct : new int[] {120, 131, 90}) {
      k3 += Math.pow(correct / 200.0 - mean, 3) / 3;
    }
    double skewed = (2 * t * t + 1) / 6 * Math.abs(k3) / (s * s) / 3;
    assertThat(estimate.halfWidth())
        .hasValueCloseTo(t * s / Math.sqrt(3) + skewed + 0.5 / 600, offset(1e-14));
  }

  @Test
  void isExactWhereNoFaultCanOccur() {
    var estimate = CellEstimate.of(DifferenceTally.empty(30), 9012, 10_000, false, 0.95);
    assertThat(estimate.interval()).isEqualTo(Interval.EXACT);
    assertThat(estimate.meanAccuracy()).hasValue(0.9012);
    assertThat(estimate.halfWidth()).hasValue(0);
    var some = tally(30, new int[] {27, 27}, new int[] {26, 26});
    assertThat(CellEstimate.of(some, 9012, 10_000, false, 0.95).meanAccuracy()).hasValue(0.9012);
    var changed = tally(30, new int[] {26, 27});
    assertThatThrownBy(() -> CellEstimate.of(changed, 9012, 10_000, false, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a cell without faults has trials that differ");
  }

  /** The half-width is the largest change that all trials would miss with probability α. */
  @Test
  void neverClaimsCertaintyBecauseNoVarianceWasSeen() {
    int trials = 100;
    var same = DifferenceTally.empty(20);
    for (int trial = 0; trial < trials; trial++) {
      same = same.merge(DifferenceTally.of(20, 17, 18, 1, 5));
    }
    var estimate = CellEstimate.of(same, 900, 1000, true, 0.95);
    assertThat(estimate.interval()).isEqualTo(Interval.NO_VARIANCE_SEEN);
    assertThat(estimate.meanAccuracy()).hasValueCloseTo(0.85, offset(1e-15));
    double differing = estimate.halfWidth().orElseThrow() / 1.05;
    assertThat(Math.pow(1 - differing, trials - 1)).isCloseTo(0.05, offset(1e-12));
    assertThat(differing).isCloseTo(3.0 / trials, offset(1e-3)); // the rule of three
  }

  @Test
  void hasNoHalfWidthBelowTwoTrials() {
    var none = CellEstimate.of(DifferenceTally.empty(20), 900, 1000, true, 0.95);
    assertThat(none.interval()).isEqualTo(Interval.UNKNOWN);
    assertThat(none.meanAccuracy()).isEmpty();
    assertThat(none.halfWidth()).isEmpty();
    assertThat(none.displayedLow()).isEmpty();
    var one = CellEstimate.of(tally(20, new int[] {10, 18}), 900, 1000, true, 0.95);
    assertThat(one.interval()).isEqualTo(Interval.UNKNOWN);
    assertThat(one.meanAccuracy()).hasValueCloseTo(0.5, offset(1e-15));
    assertThat(one.halfWidth()).isEmpty();
    assertThat(one.standardDeviation()).isEmpty();
  }

  @Test
  void failedTrialsCountForNothing() {
    var trials = tally(10, new int[] {7, 9}, new int[] {4, 8});
    assertThat(CellEstimate.of(trials.merge(DifferenceTally.failed(10)), 880, 1000, true, 0.95))
        .isEqualTo(CellEstimate.of(trials, 880, 1000, true, 0.95));
  }

  @Test
  void quantilesAgreeWithAnotherLibrary() {
    for (long freedom : new long[] {1, 2, 3, 10, 29, 99, 1000, 100_000, 10_000_000}) {
      for (double alpha : new double[] {0.5, 0.1, 0.05, 0.01, 1e-4}) {
        double expected = TDistribution.of((double) freedom).inverseSurvivalProbability(alpha / 2);
        assertThat(Intervals.studentQuantile(freedom, alpha))
            .as("t with %d degrees of freedom, α = %s", freedom, alpha)
            .isCloseTo(expected, offset(1e-6 * expected));
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    var tally = DifferenceTally.empty(20);
    assertThatThrownBy(() -> CellEstimate.of(tally, 11, 10, true, 0.95))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CellEstimate.of(tally, 9, 10, true, 0.95))
        .isInstanceOf(IllegalArgumentException.class);
    for (double confidence : new double[] {0, 1, 95, Double.NaN}) {
      assertThatThrownBy(() -> CellEstimate.of(tally, 90, 100, true, confidence))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
