package org.bitquake.stats;

import java.math.BigInteger;
import org.bitquake.Text;

/**
 * What is known of the difference between two cells: sums over the trials that both have, in exact
 * integers. A trial's difference of accuracy is X / unit, an integer X with |X| ≤ 2 · unit. {@link
 * #merge} is commutative and associative with {@link #EMPTY} as identity.
 *
 * @param unit what X counts in
 * @param trials T
 * @param sum ΣX
 * @param squares ΣX²
 * @param cubes ΣX³
 */
public record PairTally(
    long unit, long trials, BigInteger sum, BigInteger squares, BigInteger cubes) {
  /** No trials. */
  public static final PairTally EMPTY =
      new PairTally(1, 0, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);

  public PairTally {
    if (unit < 1 || trials < 0 || scatter(trials, sum, squares).signum() < 0) {
      throw new IllegalArgumentException(
          Text.of(
              "%d trials in units of 1/%d cannot have sum %d and sum of squares %d",
              trials, unit, sum, squares));
    }
  }

  /** The trials of both. */
  public PairTally merge(PairTally other) {
    long common = unit / gcd(unit, other.unit) * other.unit;
    var a = in(common);
    var b = other.in(common);
    return new PairTally(
        common,
        Math.addExact(trials, other.trials),
        a.sum.add(b.sum),
        a.squares.add(b.squares),
        a.cubes.add(b.cubes));
  }

  private PairTally in(long common) {
    var factor = BigInteger.valueOf(common / unit);
    return new PairTally(
        common,
        trials,
        sum.multiply(factor),
        squares.multiply(factor.pow(2)),
        cubes.multiply(factor.pow(3)));
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Mean of X / unit. */
  double mean() {
    return sum.doubleValue() / trials / unit;
  }

  /** True if every trial had the same X. */
  boolean allEqual() {
    return scatter(trials, sum, squares).signum() == 0;
  }

  /** Sample variance of X; needs two trials. */
  double variance() {
    return scatter(trials, sum, squares).doubleValue() / trials / (trials - 1);
  }

  /** Third central moment of X. */
  double thirdMoment() {
    return DifferenceTally.thirdMoment(trials, sum, squares, cubes);
  }

  private static BigInteger scatter(long trials, BigInteger sum, BigInteger squares) {
    return BigInteger.valueOf(trials).multiply(squares).subtract(sum.pow(2));
  }
}
