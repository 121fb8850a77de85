package org.bitquake.jobs.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.bitquake.Text;
import org.bitquake.jobs.console.SixDigits;

/** Values of a row as people read them. */
final class Numbers {
  private Numbers() {}

  /** Whole numbers in groups of three, others to six digits; a dash for what is missing. */
  static String text(Object value) {
    if (value == null) {
      return "–";
    }
    if (value instanceof Long || value instanceof Integer) {
      return Text.of("%,d", ((Number) value).longValue());
    }
    if (value instanceof Double number) {
      return SixDigits.text(number);
    }
    return value instanceof Boolean yes ? (yes ? "yes" : "no") : value.toString();
  }

  /** A number to three digits, for a sentence. */
  static String threeDigits(double value) {
    return new BigDecimal(value)
        .round(new MathContext(3, RoundingMode.HALF_EVEN))
        .stripTrailingZeros()
        .toPlainString();
  }

  /** A setting as people write it: 1e-4, 0.3, 0. */
  static String setting(Object value) {
    return value.toString().replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
  }

  /** What a column of numbers is sorted by. */
  static String sortKey(Object value) {
    if (value instanceof Boolean yes) {
      return yes ? "1" : "0";
    }
    return value instanceof Number ? value.toString() : "";
  }
}
