package org.bitquake.jobs.figure;

import java.util.List;
import org.bitquake.Text;

/**
 * A chart of numbers against numbers, for a page.
 *
 * @param title what the panel shows, for people who do not see it
 * @param zeroLine whether y = 0 is drawn
 */
public record XyPanel(String title, Axis x, Axis y, List<Series> series, boolean zeroLine) {
  public XyPanel {
    if (series.stream().allMatch(s -> s.points().isEmpty())) {
      throw new IllegalArgumentException("a chart needs at least one point");
    }
  }

  /** An axis; a logarithmic one needs {@code low > 0}. */
  public record Axis(String label, double low, double high, boolean log) {
    public Axis {
      if (!(low < high) || (log && low <= 0)) {
        throw new IllegalArgumentException(Text.of("no axis from %s to %s", low, high));
      }
    }

    /** An axis around some values that begins and ends at round numbers. */
    public static Axis around(String label, double low, double high) {
      double wide = Math.max(high - low, 1e-9 * Math.max(1, Math.abs(high)));
      double step = Ticks.step(wide, 6);
      return new Axis(
          label, step * Math.floor(low / step), step * Math.ceil(high / step) + step / 8, false);
    }
  }

  /** How the points of a series are shown. */
  public enum Form {
    /** A line through markers, the intervals shaded. */
    BAND,
    /** A line alone, the intervals shaded. */
    LINE,
    /** A thin line alone, without intervals: one of many. */
    THIN,
    /** Markers with bars for the intervals. */
    POINTS
  }

  /**
   * What belongs together.
   *
   * @param style number of its colour and marker
   * @param points in order of x
   */
  public record Series(String name, int style, Form form, List<Point> points) {}

  /**
   * A value with its interval.
   *
   * @param tip what it says when pointed at; null: nothing
   */
  public record Point(double x, double y, double low, double high, String tip) {}
}
