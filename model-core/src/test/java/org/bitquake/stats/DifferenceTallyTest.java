package org.bitquake.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DifferenceTallyTest {
  private static final int N = 50;

  private static DifferenceTally merge(List<DifferenceTally> tallies) {
    return tallies.stream().reduce(DifferenceTally.empty(N), DifferenceTally::merge);
  }

  private static List<DifferenceTally> trials(long seed, int count) {
    var random = new Random(seed);
    var trials = new ArrayList<DifferenceTally>();
    for (int i = 0; i < count; i++) {
      trials.add(
          random.nextInt(20) == 0
              ? DifferenceTally.failed(N)
              : trial(random.nextInt(N + 1), random.nextInt(N + 1), random.nextInt(100)));
    }
    return trials;
  }

  /** With as many images changed as there can be. */
  private static DifferenceTally trial(int correct, int golden, long faulty) {
    int changed = Math.min(correct + golden, 2 * N - correct - golden);
    return DifferenceTally.of(N, correct, golden, changed, faulty);
  }

  @Test
  void addsUpATrialOfEachKind() {
    var tally =
        DifferenceTally.of(N, 40, 45, 7, 3)
            .merge(DifferenceTally.of(N, 46, 44, 2, 0))
            .merge(DifferenceTally.failed(N));
    assertThat(tally)
        .isEqualTo(
            new DifferenceTally(
                N, 2, -3, 25 + 4, cubes(-125 + 8), 9, 86, 1600 + 2116, 40, 46, 3, 1));
    assertThat(tally.differenceVariance()).isEqualTo(24.5); // mean −1.5: 2 · 3.5² / 1
    assertThat(tally.differenceThirdMoment()).isZero(); // two trials are symmetric
    assertThat(tally.correctVariance()).isEqualTo(18); // mean 43: 2 · 3² / 1
  }

  private static BigInteger cubes(long sum) {
    return BigInteger.valueOf(sum);
  }

  /** Differences 0, 0, −6 of mean −2: (8 + 8 − 64) / 3. */
  @Test
  void givesTheThirdCentralMoment() {
    var tally = trial(9, 9, 0).merge(trial(8, 8, 0)).merge(trial(3, 9, 0));
    assertThat(tally.differenceThirdMoment()).isEqualTo(-16);
  }

  @Test
  void scaledTrialsHaveTheSameAccuracies() {
    var few = merge(trials(7, 40));
    var many = few.scaled(4);
    assertThat(many.images()).isEqualTo(4 * N);
    var a = CellEstimate.of(few, 900, 1000, true, 0.95);
    var b = CellEstimate.of(many, 900, 1000, true, 0.95);
    assertThat(b.meanAccuracy()).isEqualTo(a.meanAccuracy());
    assertThat(b.standardDeviation()).isEqualTo(a.standardDeviation());
    double continuity = 0.5 / few.trials() / N;
    assertThat(b.halfWidth().orElseThrow() - continuity / 4)
        .isCloseTo(a.halfWidth().orElseThrow() - continuity, Offset.offset(1e-15));
    assertThat(few.scaled(2).merge(few.scaled(2))).isEqualTo(few.merge(few).scaled(2));
  }

  @Test
  void mergingIsCommutativeAndAssociativeWithAnIdentity() {
    for (long seed = 0; seed < 100; seed++) {
      var a = merge(trials(seed, 7));
      var b = merge(trials(seed + 1000, 1));
      var c = merge(trials(seed + 2000, 12));
      assertThat(a.merge(b)).isEqualTo(b.merge(a));
      assertThat(a.merge(b).merge(c)).isEqualTo(a.merge(b.merge(c)));
      assertThat(a.merge(DifferenceTally.empty(N))).isEqualTo(a);
      assertThat(DifferenceTally.empty(N).merge(a)).isEqualTo(a);
    }
  }

  @Test
  void anyGroupingInAnyOrderGivesTheSameState() {
    var trials = trials(1, 200);
    var whole = merge(trials);
    Collections.shuffle(trials, new Random(2));
    var parts = new ArrayList<DifferenceTally>();
    for (int from = 0; from < 200; from += 33) {
      parts.add(merge(trials.subList(from, Math.min(200, from + 33))));
    }
    assertThat(merge(parts)).isEqualTo(whole);
  }

  @Test
  void variancesStayExactWhereDoublesCancel() {
    // Two trials of 2 billion images: squares near 2⁶², their difference 1.
    int images = 2_000_000_000;
    var tally =
        DifferenceTally.of(images, images, 0, images, 0)
            .merge(DifferenceTally.of(images, images - 1, 0, images - 1, 0));
    assertThat(tally.differenceVariance()).isEqualTo(0.5);
    assertThat(tally.allDifferencesEqual()).isFalse();
  }

  @Test
  void refusesToMixNumbersOfImagesAndToOverflow() {
    assertThatThrownBy(() -> DifferenceTally.empty(N).merge(DifferenceTally.empty(N + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trials of 50 and of 51 images do not belong to one cell");
    int images = Integer.MAX_VALUE;
    var large = DifferenceTally.of(images, images, 0, images, 0);
    assertThatThrownBy(() -> large.merge(large).merge(large))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void refusesStatesThatNoTrialsGive() {
    refused(0, 0, 0, 0, 0, 0, 0, 0, 0, 0); // no images
    refused(N, -1, 0, 0, 0, 0, N, 0, 0, 0); // negative trials
    refused(N, 0, 0, 0, 0, 0, 0, 0, 0, 0); // an empty tally's minimum is N
    refused(N, 0, 1, 1, 0, 0, N, 0, 0, 0); // differences without trials
    refused(N, 1, 0, 0, 51, 2601, 51, 51, 0, 0); // more correct than images
    refused(N, 2, 4, 7, 40, 800, 20, 20, 0, 0); // Σd² below (Σd)² / T
    refused(N, 1, -51, 2601, 20, 400, 20, 20, 0, 0); // d below −n
    refused(N, 2, 0, 0, 41, 841, 20, 20, 0, 0); // mean above the maximum
    refused(N, 1, 0, 0, 20, 400, 20, 20, -1, 0);
    refused(N, 1, 0, 0, 20, 400, 20, 20, 0, -1);
    assertThatThrownBy(() -> DifferenceTally.of(N, 20, 51, 31, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesChangesThatDoNotFit() {
    assertThatThrownBy(() -> DifferenceTally.of(N, 20, 30, 9, 0)) // |d| = 10
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DifferenceTally.of(N, 20, 30, N + 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refused(
      int images,
      long trials,
      long sumD,
      long sumD2,
      long sumC,
      long sumC2,
      int min,
      int max,
      long faulty,
      long failed) {
    assertThatThrownBy(
            () ->
                new DifferenceTally(
                    images,
                    trials,
                    sumD,
                    sumD2,
                    cubes(0),
                    Math.abs(sumD),
                    sumC,
                    sumC2,
                    min,
                    max,
                    faulty,
                    failed))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
