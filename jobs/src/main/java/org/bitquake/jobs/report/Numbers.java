package org.bitquake.jobs.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Values of a row as people read them. */
final class Numbers {
  private static final MathContext SIX_DIGITS = new MathContext(6);
  private static final double SMALLEST_PLAIN = 1e-4;
  private static final double LARGEST_PLAIN = 1e12;

  private Numbers() {}

  /** Whole numbers in groups of three, others to six digits; a dash for what is missing. */
  static String text(Object value) {
    if (value == null) {
      return "–";
    }
    if (value instanceof Long || value instanceof Integer) {
      return String.format(Locale.ROOT, "%,d", ((Number) value).longValue());
    }
    if (value instanceof Double number) {
      return text(number.doubleValue());
    }
    return value instanceof Boolean yes ? (yes ? "yes" : "no") : value.toString();
  }

  private static String text(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    var rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    double size = Math.abs(value);
    return size >= SMALLEST_PLAIN && size < LARGEST_PLAIN
        ? rounded.toPlainString()
        : rounded.toString();
  }

  /** What a column of numbers is sorted by. */
  static String sortKey(Object value) {
    if (value instanceof Boolean yes) {
      return yes ? "1" : "0";
    }
    return value instanceof Number ? value.toString() : "";
  }
}
