package org.bitquake.jobs.figure;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Round numbers for axes. */
final class Ticks {
  private static final double[] ROUND = {1, 2, 2.5, 5, 10};

  private Ticks() {}

  /** The smallest of 1, 2, 2.5, 5 times a power of ten that spans the range in so many steps. */
  static double step(double range, int steps) {
    double least = range / steps;
    double power = StrictMath.pow(10, Math.floor(StrictMath.log10(least)));
    for (double round : ROUND) {
      if (round * power >= least * (1 - 1e-9)) {
        return round * power;
      }
    }
    return 10 * power;
  }

  /** As many decimals as the step has, whatever the locale. */
  static DecimalFormat format(double step) {
    var format = new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    int decimals = 0;
    double scaled = step;
    while (Math.abs(scaled - Math.rint(scaled)) > 1e-6 * scaled && decimals < 12) {
      scaled *= 10;
      decimals++;
    }
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return format;
  }
}
