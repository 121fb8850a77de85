package org.bitquake.fault;

/**
 * The natural logarithm of numbers in (0, 1], for geometric skips: a table of 128 steps and a
 * polynomial. Plain additions and multiplications and {@link StrictMath}, so the same bits on every
 * machine, which {@code Math.log} is not; a draw takes a quarter less time than with a logarithm
 * that is right to the last bit. Its error is below 4·10⁻¹⁶ · max(1, |log u|), about that of u
 * itself.
 */
final class UnitLog {
  private static final int STEPS = 128;
  private static final double LN_2 = StrictMath.log(2);
  private static final double[] RECIPROCAL = new double[STEPS];
  private static final double[] LOG = new double[STEPS];

  private static final int FINE_BITS = 10;
  private static final double[] FINE_RECIPROCAL = new double[1 << FINE_BITS];
  private static final double[] FINE_LOG = new double[1 << FINE_BITS];

  static {
    for (int step = 0; step < 1 << FINE_BITS; step++) {
      FINE_RECIPROCAL[step] = 1 / (1 + (step + 0.5) / (1 << FINE_BITS));
      FINE_LOG[step] = -StrictMath.log(FINE_RECIPROCAL[step]);
    }
    for (int step = 0; step < STEPS; step++) {
      RECIPROCAL[step] = 1 / (1 + (step + 0.5) / STEPS);
      LOG[step] = -StrictMath.log(RECIPROCAL[step]);
    }
  }

  private UnitLog() {}

  /** log u = exponent · log 2 + log(1/c) + log(1 + r), where r = mantissa · c − 1, |r| < 2⁻⁸. */
  static double log(double u) {
    long raw = Double.doubleToRawLongBits(u);
    int exponent = (int) (raw >>> 52) - 1023;
    int step = (int) (raw >>> 45) & (STEPS - 1);
    double mantissa = Double.longBitsToDouble((raw & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
    double r = mantissa * RECIPROCAL[step] - 1;
    double series = r * r * (-1 / 2.0 + r * (1 / 3.0 + r * (-1 / 4.0 + r * (1 / 5.0 - r / 6))));
    return exponent * LN_2 + (LOG[step] + (r + series));
  }

  /** log u with an error below 10⁻¹⁰: the same with a finer table and r − r²/2, |r| < 2⁻¹¹. */
  static double estimate(double u) {
    long raw = Double.doubleToRawLongBits(u);
    int exponent = (int) (raw >>> 52) - 1023;
    int step = (int) (raw >>> (52 - FINE_BITS)) & ((1 << FINE_BITS) - 1);
    double mantissa = Double.longBitsToDouble((raw & 0xFFFFFFFFFFFFFL) | 0x3FF0000000000000L);
    double r = mantissa * FINE_RECIPROCAL[step] - 1;
    return exponent * LN_2 + (FINE_LOG[step] + (r - 0.5 * r * r));
  }
}
