package org.bitquake.stats;

import java.math.BigInteger;
import org.bitquake.Text;

/**
 * What is known of a cell of the campaign (network × fault kind × rate): sums over its trials, in
 * exact integers. {@link #merge} is commutative and associative with {@link #empty} as identity, so
 * any grouping of trials, on any number of machines, gives the same state.
 *
 * <p>A trial runs n images and gets {@code correct} of them right; the fault-free network gets
 * {@code golden} of the same images right; d = correct − golden. A failed trial has no result and
 * appears in {@code failedTrials} only.
 *
 * @param images n, the same in every trial of a cell
 * @param trials T, trials with a result
 * @param sumDifference Σd
 * @param sumSquaredDifference Σd²
 * @param sumCubedDifference Σd³
 * @param sumChanged Σ of the images of a trial that are right with faults and wrong without, or the
 *     other way round; at least |d| of them
 * @param sumCorrect Σcorrect
 * @param sumSquaredCorrect Σcorrect²
 * @param minCorrect the least correct of any trial; n (the identity of the minimum) without trials
 * @param maxCorrect the most correct of any trial; 0 (the identity of the maximum) without trials
 * @param faultyCells Σ faulty memory cells
 * @param failedTrials trials without a result
 */
public record DifferenceTally(
    int images,
    long trials,
    long sumDifference,
    long sumSquaredDifference,
    BigInteger sumCubedDifference,
    long sumChanged,
    long sumCorrect,
    long sumSquaredCorrect,
    int minCorrect,
    int maxCorrect,
    long faultyCells,
    long failedTrials) {
  public DifferenceTally {
    if (images < 1 || trials < 0 || faultyCells < 0 || failedTrials < 0) {
      throw new IllegalArgumentException(
          Text.of(
              "a tally has images ≥ 1 and no negative counts, not images %d, trials %d, faulty cells %d, failed trials %d",
              images, trials, faultyCells, failedTrials));
    }
    boolean empty = trials == 0;
    if (empty
        ? minCorrect != images || maxCorrect != 0 || faultyCells != 0
        : minCorrect < 0 || minCorrect > maxCorrect || maxCorrect > images) {
      throw new IllegalArgumentException(
          Text.of(
              "%d trials of %d images cannot have had %d to %d correct",
              trials, images, minCorrect, maxCorrect));
    }
    requireMoments("differences", trials, sumDifference, sumSquaredDifference, -images, images);
    requireChanges(
        images, trials, sumDifference, sumSquaredDifference, sumCubedDifference, sumChanged);
    requireMoments("correct", trials, sumCorrect, sumSquaredCorrect, minCorrect, maxCorrect);
  }

  /** A cell without trials. */
  public static DifferenceTally empty(int images) {
    return new DifferenceTally(images, 0, 0, 0, BigInteger.ZERO, 0, 0, 0, images, 0, 0, 0);
  }

  /**
   * One trial.
   *
   * @param changed images that are right with faults and wrong without, or the other way round
   */
  public static DifferenceTally of(
      int images, int correct, int goldenCorrect, int changed, long faultyCells) {
    if (goldenCorrect < 0 || goldenCorrect > images) {
      throw new IllegalArgumentException(
          Text.of("%d of %d images cannot be right", goldenCorrect, images));
    }
    long d = (long) correct - goldenCorrect;
    long c = correct;
    var cube = BigInteger.valueOf(d).pow(3);
    return new DifferenceTally(
        images, 1, d, d * d, cube, changed, c, c * c, correct, correct, faultyCells, 0);
  }

  /** One trial that gave no result. */
  public static DifferenceTally failed(int images) {
    return new DifferenceTally(images, 0, 0, 0, BigInteger.ZERO, 0, 0, 0, images, 0, 0, 1);
  }

  /**
   * The trials of both.
   *
   * @throws IllegalArgumentException if their trials have different numbers of images
   * @throws ArithmeticException if a sum exceeds a long
   */
  public DifferenceTally merge(DifferenceTally other) {
    if (images != other.images) {
      throw new IllegalArgumentException(
          Text.of("trials of %d and of %d images do not belong to one cell", images, other.images));
    }
    return new DifferenceTally(
        images,
        Math.addExact(trials, other.trials),
        Math.addExact(sumDifference, other.sumDifference),
        Math.addExact(sumSquaredDifference, other.sumSquaredDifference),
        sumCubedDifference.add(other.sumCubedDifference),
        Math.addExact(sumChanged, other.sumChanged),
        Math.addExact(sumCorrect, other.sumCorrect),
        Math.addExact(sumSquaredCorrect, other.sumSquaredCorrect),
        Math.min(minCorrect, other.minCorrect),
        Math.max(maxCorrect, other.maxCorrect),
        Math.addExact(faultyCells, other.faultyCells),
        Math.addExact(failedTrials, other.failedTrials));
  }

  /**
   * The same trials as if each had run {@code factor} times as many images with the same accuracy.
   * So trials of different n can be merged: they all estimate one mean, and the spread of their
   * mean is estimated without bias.
   */
  public DifferenceTally scaled(int factor) {
    long square = Math.multiplyExact((long) factor, factor);
    return new DifferenceTally(
        Math.multiplyExact(images, factor),
        trials,
        Math.multiplyExact(sumDifference, (long) factor),
        Math.multiplyExact(sumSquaredDifference, square),
        sumCubedDifference.multiply(BigInteger.valueOf(factor).pow(3)),
        Math.multiplyExact(sumChanged, (long) factor),
        Math.multiplyExact(sumCorrect, (long) factor),
        Math.multiplyExact(sumSquaredCorrect, square),
        Math.multiplyExact(minCorrect, factor),
        Math.multiplyExact(maxCorrect, factor),
        faultyCells,
        failedTrials);
  }

  /** True if every trial had the same d: no variance was seen. */
  public boolean allDifferencesEqual() {
    return scatter(trials, sumDifference, sumSquaredDifference).signum() == 0;
  }

  /** Sample variance of d, exact up to one rounding; needs two trials. */
  public double differenceVariance() {
    return variance(sumDifference, sumSquaredDifference);
  }

  /** Third central moment of d over the trials, exact up to one rounding. */
  double differenceThirdMoment() {
    return thirdMoment(
        trials,
        BigInteger.valueOf(sumDifference),
        BigInteger.valueOf(sumSquaredDifference),
        sumCubedDifference);
  }

  /** Third central moment of T numbers with these sums of powers. */
  static double thirdMoment(long trials, BigInteger sum, BigInteger squares, BigInteger cubes) {
    var t = BigInteger.valueOf(trials);
    var scaled =
        t.pow(2)
            .multiply(cubes)
            .subtract(BigInteger.valueOf(3).multiply(t).multiply(sum).multiply(squares))
            .add(BigInteger.TWO.multiply(sum.pow(3)));
    return scaled.doubleValue() / trials / trials / trials;
  }

  /** Sample variance of correct, exact up to one rounding; needs two trials. */
  double correctVariance() {
    return variance(sumCorrect, sumSquaredCorrect);
  }

  private double variance(long sum, long sumOfSquares) {
    if (trials < 2) {
      throw new IllegalStateException("a sample variance needs two trials, not " + trials);
    }
    return scatter(trials, sum, sumOfSquares).doubleValue() / trials / (trials - 1);
  }

  /** T · Σx² − (Σx)², without cancellation: T² times the population variance. */
  private static BigInteger scatter(long trials, long sum, long sumOfSquares) {
    return BigInteger.valueOf(trials)
        .multiply(BigInteger.valueOf(sumOfSquares))
        .subtract(BigInteger.valueOf(sum).pow(2));
  }

  /** Checks that numbers between {@code least} and {@code most} can have these sums. */
  private static void requireMoments(
      String what, long trials, long sum, long sumOfSquares, long least, long most) {
    var count = BigInteger.valueOf(trials);
    var total = BigInteger.valueOf(sum);
    boolean inRange =
        trials == 0
            ? sum == 0 && sumOfSquares == 0
            : total.compareTo(count.multiply(BigInteger.valueOf(least))) >= 0
                && total.compareTo(count.multiply(BigInteger.valueOf(most))) <= 0;
    if (!inRange || scatter(trials, sum, sumOfSquares).signum() < 0) {
      throw new IllegalArgumentException(
          Text.of(
              "%d trials cannot have %s with sum %d and sum of squares %d",
              trials, what, sum, sumOfSquares));
    }
  }

  private static void requireChanges(
      int images, long trials, long sum, long squares, BigInteger cubes, long changed) {
    var most = BigInteger.valueOf(images);
    boolean sound =
        changed >= Math.abs(sum)
            && BigInteger.valueOf(changed).compareTo(most.multiply(BigInteger.valueOf(trials))) <= 0
            && cubes.abs().compareTo(most.multiply(BigInteger.valueOf(squares))) <= 0;
    if (!sound) {
      throw new IllegalArgumentException(
          Text.of(
                  "%d trials of %d images cannot have changed %d in all, with differences of sum %d and",
                  trials, images, changed, sum)
              + Text.of(" sum of cubes %d", cubes));
    }
  }
}
