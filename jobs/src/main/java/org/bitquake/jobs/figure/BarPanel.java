package org.bitquake.jobs.figure;

import java.util.List;

/**
 * Lying bars for a page: a group per category, a bar per series.
 *
 * @param title what the panel shows, for people who do not see it
 * @param axis what the bars measure
 * @param one whether a line marks the value 1
 * @param bars categories from top to bottom as they first appear
 */
public record BarPanel(String title, String axis, boolean one, List<Bar> bars) {
  public BarPanel {
    if (bars.isEmpty()) {
      throw new IllegalArgumentException("a chart needs at least one bar");
    }
  }

  /**
   * A bar.
   *
   * @param style number of its series' colour; series stand in this order
   * @param value not below 0
   * @param tip what it says when pointed at
   */
  public record Bar(String category, String series, int style, double value, String tip) {}
}
