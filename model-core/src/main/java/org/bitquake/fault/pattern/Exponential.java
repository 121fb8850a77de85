package org.bitquake.fault.pattern;

import org.apache.commons.math3.util.FastMath;

/**
 * e^x by a table of 128 steps and a polynomial: plain additions and multiplications, so the same
 * bits on every machine, in a fraction of the time of a function that is right to the last bit. Its
 * relative error is below 10⁻¹⁵.
 */
final class Exponential {
  private static final int STEP_BITS = 7;
  private static final int STEPS = 1 << STEP_BITS;

  /** log 2 in two parts, the first with room for a factor of 2²¹. */
  private static final double LN_2_HIGH = 0x1.62e42feep-1;

  private static final double LN_2_LOW = 1.9082149292705877e-10;
  private static final double PER_STEP = STEPS / (LN_2_HIGH + LN_2_LOW);
  private static final double STEP_HIGH = LN_2_HIGH / STEPS;
  private static final double STEP_LOW = LN_2_LOW / STEPS;

  /** Below this e^x is taken as 0. */
  private static final double LEAST = -700;

  private static final double[] POWERS = new double[STEPS];

  static {
    for (int step = 0; step < STEPS; step++) {
      POWERS[step] = FastMath.pow(2, (double) step / STEPS);
    }
  }

  private Exponential() {}

  /**
   * The exponential of a number.
   *
   * @param x at most 0; below −700 the result is 0
   */
  static double of(double x) {
    if (!(x > LEAST)) {
      return 0;
    }
    long steps = (long) (x * PER_STEP - 0.5); // x is not positive: rounds to the nearest
    double r = x - steps * STEP_HIGH - steps * STEP_LOW;
    double series = r + r * r * (1 / 2.0 + r * (1 / 6.0 + r * (1 / 24.0 + r / 120)));
    double power = POWERS[(int) steps & (STEPS - 1)];
    long exponent = steps >> STEP_BITS;
    return (power + power * series) * Double.longBitsToDouble((exponent + 1023) << 52);
  }
}
