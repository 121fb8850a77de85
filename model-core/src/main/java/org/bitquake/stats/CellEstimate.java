package org.bitquake.stats;

import java.util.OptionalDouble;
import org.bitquake.Text;

/**
 * Mean accuracy over fault maps of one cell of the campaign, with its confidence interval.
 *
 * <p>The estimate is the golden control variate: golden accuracy over all N images, which is known,
 * plus Σd / (n·T), the mean change of accuracy on the images of the trials. It is unbiased, because
 * the images of a trial are drawn uniformly, and its variance vanishes as the rate goes to 0. With
 * n = N it is the plain mean.
 *
 * <p>How wide the interval is:
 *
 * <ul>
 *   <li>{@link Interval#EXACT}: no fault can occur (rate 0, or no cell in scope), so the accuracy
 *       is the golden one, known without error.
 *   <li>{@link Interval#STUDENT_T}: t · s_d / (√T · n) + ((2t² + 1)/6 · |k₃| / s_d² + ½) / (T · n),
 *       with t = t_{T−1, 1−α/2}, α = 1 − confidence, k₃ the third central moment of d, and ½ the
 *       continuity correction of the integer Σd. The term with k₃ is the first-order effect of
 *       skewness on the studentised mean (Johnson, "Modified t tests and confidence intervals for
 *       asymmetrical populations", 1978; Hall, "On the removal of skewness by transformation",
 *       1992), added on both sides: without it, rare fault maps that ruin a network leave a nominal
 *       95 % interval with 87 to 93 %.
 *   <li>{@link Interval#NO_VARIANCE_SEEN}: faults can occur, but all T ≥ 2 trials had the same d =
 *       c. Let π = Pr(d ≠ c). The T − 1 trials after the first agree with it with probability (1 −
 *       π)^(T−1), which is at most α unless π &lt; 1 − α^(1/(T−1)). And E[d]/n differs from c/n by
 *       at most π · (1 + |c|/n), since |d| ≤ n. So the half-width is (1 − α^(1/(T−1))) · (1 +
 *       |c|/n), about 3/T at 95 %: the "rule of three", never ±0.
 *   <li>{@link Interval#UNKNOWN}: fewer than two trials tell nothing of the spread.
 * </ul>
 *
 * @param trials T, trials with a result
 * @param meanAccuracy estimate of the mean accuracy, 0 to 1 but for noise; empty if there is
 *     neither a trial nor certainty
 * @param halfWidth of the interval around it; empty if it is unknown
 * @param standardDeviation of the plain accuracy correct/n over trials, which holds the choice of
 *     images too unless n = N; empty below two trials
 * @param interval where the half-width comes from
 */
public record CellEstimate(
    long trials,
    OptionalDouble meanAccuracy,
    OptionalDouble halfWidth,
    OptionalDouble standardDeviation,
    Interval interval) {
  /** Where a half-width comes from. */
  public enum Interval {
    EXACT,
    STUDENT_T,
    NO_VARIANCE_SEEN,
    UNKNOWN
  }

  /**
   * Estimates a cell.
   *
   * @param goldenCorrect images of all N that the fault-free network gets right
   * @param population number of images N
   * @param faultsPossible false at rate 0 or without a cell in scope
   * @param confidence of the interval, such as 0.95
   */
  public static CellEstimate of(
      DifferenceTally tally,
      int goldenCorrect,
      int population,
      boolean faultsPossible,
      double confidence) {
    if (goldenCorrect < 0 || goldenCorrect > population || tally.images() > population) {
      throw new IllegalArgumentException(
          Text.of(
              "of %d images, neither %d right nor trials of %d",
              population, goldenCorrect, tally.images()));
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("a confidence is between 0 and 1, not " + confidence);
    }
    double golden = (double) goldenCorrect / population;
    var spread = standardDeviation(tally);
    if (!faultsPossible) {
      requireNoChange(tally);
      return new CellEstimate(
          tally.trials(), OptionalDouble.of(golden), OptionalDouble.of(0), spread, Interval.EXACT);
    }
    if (tally.trials() == 0) {
      return new CellEstimate(
          0, OptionalDouble.empty(), OptionalDouble.empty(), spread, Interval.UNKNOWN);
    }
    double change = (double) tally.sumDifference() / tally.images() / tally.trials();
    var mean = OptionalDouble.of(golden + change);
    double alpha = 1 - confidence;
    if (tally.trials() == 1) {
      return new CellEstimate(1, mean, OptionalDouble.empty(), spread, Interval.UNKNOWN);
    }
    return tally.allDifferencesEqual()
        ? new CellEstimate(
            tally.trials(),
            mean,
            OptionalDouble.of(Intervals.unseen(tally.trials(), 1 + Math.abs(change), alpha)),
            spread,
            Interval.NO_VARIANCE_SEEN)
        : new CellEstimate(
            tally.trials(),
            mean,
            OptionalDouble.of(studentHalfWidth(tally, alpha)),
            spread,
            Interval.STUDENT_T);
  }

  /** The lower end of the interval, for display: not below 0. */
  public OptionalDouble displayedLow() {
    return end(-1);
  }

  /** The upper end of the interval, for display: not above 1. */
  public OptionalDouble displayedHigh() {
    return end(1);
  }

  private static double studentHalfWidth(DifferenceTally tally, double alpha) {
    return Intervals.student(
            tally.trials(), tally.differenceVariance(), tally.differenceThirdMoment(), alpha)
        / tally.images();
  }

  private static OptionalDouble standardDeviation(DifferenceTally tally) {
    return tally.trials() < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.sqrt(tally.correctVariance()) / tally.images());
  }

  private static void requireNoChange(DifferenceTally tally) {
    if (tally.sumSquaredDifference() != 0) {
      throw new IllegalArgumentException("a cell without faults has trials that differ: " + tally);
    }
  }

  private OptionalDouble end(int sign) {
    return halfWidth.isEmpty() || meanAccuracy.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            Math.max(0, Math.min(1, meanAccuracy.getAsDouble() + sign * halfWidth.getAsDouble())));
  }
}
