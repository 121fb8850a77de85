package org.bitquake.jobs.plan;

import java.math.BigDecimal;
import java.util.Locale;
import org.bitquake.Text;

/** Numbers for people. */
final class Figures {
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;
  private static final double DAY = 24 * HOUR;

  private Figures() {}

  static String count(long number) {
    return Text.of("%,d", number);
  }

  /** Two decimals of a per cent. */
  static String hundredths(double fraction) {
    return Text.of("%.2f", 100 * fraction);
  }

  /** In per cent, all digits. */
  static String percent(double probability) {
    return BigDecimal.valueOf(probability).movePointRight(2).stripTrailingZeros().toPlainString();
  }

  static String fraction(double value) {
    return Text.of("%.3f", value);
  }

  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 9.95 ? "%.1f×" : "%,.0f×", ratio);
  }

  static String microseconds(double nanos) {
    return String.format(Locale.ROOT, nanos < 9_950 ? "%.2f" : "%,.0f", nanos / 1e3);
  }

  /** Such as {@code 0.41 s}, {@code 12 s}, {@code 3.5 min}, {@code 2.1 h}. */
  static String duration(double seconds) {
    if (seconds < 2 * MINUTE) {
      return String.format(Locale.ROOT, seconds < 9.95 ? "%.2f s" : "%.0f s", seconds);
    }
    if (seconds < 2 * HOUR) {
      return Text.of("%.1f min", seconds / MINUTE);
    }
    return seconds < 2 * DAY
        ? Text.of("%.1f h", seconds / HOUR)
        : Text.of("%,.1f days", seconds / DAY);
  }
}
