package org.bitquake.jobs.figure;

import java.util.List;
import org.bitquake.Text;

/**
 * A map of numbers for a page: darker is more.
 *
 * @param title what the panel shows, for people who do not see it
 * @param columns from left to right
 * @param rows from top to bottom
 * @param columnsLabel what the columns are
 * @param rowsLabel what the rows are; empty if that is plain
 * @param palest value of the palest shade
 * @param darkest value of the darkest one, above {@code palest}
 * @param cells those that are known
 */
public record HeatPanel(
    String title,
    List<String> columns,
    List<String> rows,
    String columnsLabel,
    String rowsLabel,
    double palest,
    double darkest,
    List<Cell> cells) {
  public HeatPanel {
    if (!(palest < darkest)) {
      throw new IllegalArgumentException(Text.of("no shades from %s to %s", palest, darkest));
    }
    if (cells.isEmpty()) {
      throw new IllegalArgumentException("a chart needs at least one cell");
    }
  }

  /**
   * One square.
   *
   * @param text what is written on it
   * @param tip what it says when pointed at
   */
  public record Cell(int column, int row, double value, String text, String tip) {}
}
