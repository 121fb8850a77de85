package org.bitquake.jobs.console;

import java.math.BigDecimal;
import java.math.MathContext;

/** Fractions for reading. */
public final class SixDigits {
  private static final MathContext DIGITS = new MathContext(6);
  private static final double SMALLEST_PLAIN = 1e-5;
  private static final double LARGEST_PLAIN = 1e12;

  private SixDigits() {}

  /** Six significant digits at most; with an exponent where it would have many zeros. */
  public static String text(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    var rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    return size >= SMALLEST_PLAIN && size < LARGEST_PLAIN
        ? rounded.toPlainString()
        : rounded.toString().replace("E+", "E");
  }
}
