package org.bitquake.jobs.figure;

import java.util.List;

/**
 * A map of shares for a page: darker is more.
 *
 * @param title what the panel shows, for people who do not see it
 * @param columns from left to right
 * @param rows from top to bottom
 * @param columnsLabel what the columns are
 * @param cells those that are known
 */
public record HeatPanel(
    String title, List<String> columns, List<String> rows, String columnsLabel, List<Cell> cells) {
  public HeatPanel {
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("a chart needs at least one cell");
    }
  }

  /**
   * One square.
   *
   * @param share 0 … 1
   * @param tip what it says when pointed at
   */
  public record Cell(int column, int row, double share, String tip) {}
}
