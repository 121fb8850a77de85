package org.bitquake.jobs.figure;

import java.awt.Color;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitquake.Text;

/**
 * Bands of loss and their colours, the same for all surfaces of a figure: round levels in about
 * equal ratios, because losses span orders of magnitude.
 *
 * @param levels rising; band i goes from level i − 1 to level i
 */
record LossScale(List<Double> levels) {
  private static final double[][] ROUND = {{1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1}};
  private static final int MOST = 11;

  /**
   * Viridis (van der Walt and Smith, 2015): even steps of lightness, safe for colour-blind eyes.
   */
  private static final int[] VIRIDIS = {
    0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151,
    0xbddf26, 0xfde725
  };

  /** Levels between these losses; at least one. */
  static LossScale of(double least, double most) {
    for (double[] round : ROUND) {
      var levels = levels(round, Math.max(least, 1e-9), most);
      if (levels.size() <= MOST) {
        return new LossScale(levels.isEmpty() ? List.of((least + most) / 2) : levels);
      }
    }
    return new LossScale(levels(ROUND[2], most * 1e-9, most));
  }

  private static List<Double> levels(double[] round, double least, double most) {
    List<Double> levels = new ArrayList<>();
    int first = (int) Math.floor(StrictMath.log10(least));
    int last = (int) Math.ceil(StrictMath.log10(most));
    for (int power = first; power <= last; power++) {
      for (double r : round) {
        double level = BigDecimal.valueOf(r).scaleByPowerOfTen(power).doubleValue();
        if (level > least && level < most) {
          levels.add(level);
        }
      }
    }
    return levels;
  }

  int bands() {
    return levels.size() + 1;
  }

  /** The colour of a band; low losses are dark. */
  Color colour(int band) {
    double at = (double) band / (bands() - 1) * (VIRIDIS.length - 1);
    int i = Math.min((int) at, VIRIDIS.length - 2);
    double part = at - i;
    return new Color(mix(i, 16, part), mix(i, 8, part), mix(i, 0, part));
  }

  private static int mix(int i, int shift, double part) {
    int a = VIRIDIS[i] >> shift & 0xff;
    int b = VIRIDIS[i + 1] >> shift & 0xff;
    return (int) Math.round(a + part * (b - a));
  }

  /** Such as {@code 1–1.5}. */
  String label(int band) {
    if (band == 0) {
      return "< " + number(levels.get(0));
    }
    return band == levels.size()
        ? "≥ " + number(levels.get(band - 1))
        : number(levels.get(band - 1)) + "–" + number(levels.get(band));
  }

  private static String number(double level) {
    return Text.of("%.2g", level).contains("e")
        ? Text.of("%.1e", level)
        : stripped(String.format(Locale.ROOT, level < 0.1 ? "%.4f" : "%.2f", level));
  }

  private static String stripped(String decimal) {
    return decimal.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
