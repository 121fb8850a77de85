package org.bitquake.jobs.figure;

import java.awt.geom.Path2D;
import org.bitquake.Text;

/**
 * Marching squares on a grid of values: where they are at least some level, and the line where they
 * are that level, in the coordinates of the grid. Values between grid points are linear along the
 * edges of the cells.
 *
 * @param x coordinates of the columns, rising
 * @param y coordinates of the rows, rising
 * @param z {@code [row][column]}
 */
record Contours(double[] x, double[] y, double[][] z) {
  Contours {
    if (z.length != y.length || z.length < 2 || x.length < 2) {
      throw new IllegalArgumentException(Text.of("a grid of %d×%d", z.length, x.length));
    }
    for (double[] row : z) {
      if (row.length != x.length) {
        throw new IllegalArgumentException(
            Text.of("a row of %d values for %d columns", row.length, x.length));
      }
    }
  }

  /** The area of {@code z ≥ level}. */
  Path2D area(double level) {
    var path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (int row = 0; row + 1 < y.length; row++) {
      int column = 0;
      while (column + 1 < x.length) {
        int end = column;
        while (end + 1 < x.length && inside(row, end, level) == 4) {
          end++;
        }
        if (end > column) { // a run of whole cells is one rectangle
          rectangle(path, row, column, end);
          column = end;
        } else {
          cell(path, row, column, level);
          column++;
        }
      }
    }
    return path;
  }

  /** Corners of a cell that lie inside. */
  private int inside(int row, int column, double level) {
    int count = 0;
    for (int k = 0; k < 4; k++) {
      count += corner(row, column, k) >= level ? 1 : 0;
    }
    return count;
  }

  private void rectangle(Path2D path, int row, int from, int to) {
    path.moveTo(x[from], y[row]);
    path.lineTo(x[to], y[row]);
    path.lineTo(x[to], y[row + 1]);
    path.lineTo(x[from], y[row + 1]);
    path.closePath();
  }

  /** Corners counted around the cell. */
  private double corner(int row, int column, int k) {
    return z[row + k % 4 / 2][column + (k % 4 == 1 || k % 4 == 2 ? 1 : 0)];
  }

  private double cornerX(int column, int k) {
    return x[column + (k % 4 == 1 || k % 4 == 2 ? 1 : 0)];
  }

  private double cornerY(int row, int k) {
    return y[row + k % 4 / 2];
  }

  /** The part of a cell that lies inside: its corners and where edges cross the level. */
  private void cell(Path2D path, int row, int column, double level) {
    boolean started = false;
    for (int k = 0; k < 4; k++) {
      if (corner(row, column, k) >= level) {
        add(path, !started, cornerX(column, k), cornerY(row, k));
        started = true;
      }
      if (crosses(row, column, k, level)) {
        add(path, !started, crossX(row, column, k, level), crossY(row, column, k, level));
        started = true;
      }
    }
    if (started) {
      path.closePath();
    }
  }

  private static void add(Path2D path, boolean first, double px, double py) {
    if (first) {
      path.moveTo(px, py);
    } else {
      path.lineTo(px, py);
    }
  }

  private boolean crosses(int row, int column, int k, double level) {
    return corner(row, column, k) >= level != corner(row, column, k + 1) >= level;
  }

  private double part(int row, int column, int k, double level) {
    double from = corner(row, column, k);
    return (level - from) / (corner(row, column, k + 1) - from);
  }

  private double crossX(int row, int column, int k, double level) {
    double from = cornerX(column, k);
    return from + part(row, column, k, level) * (cornerX(column, k + 1) - from);
  }

  private double crossY(int row, int column, int k, double level) {
    double from = cornerY(row, k);
    return from + part(row, column, k, level) * (cornerY(row, k + 1) - from);
  }

  /** The line of {@code z = level}. */
  Path2D line(double level) {
    var path = new Path2D.Double();
    for (int row = 0; row + 1 < y.length; row++) {
      for (int column = 0; column + 1 < x.length; column++) {
        boolean open = false;
        for (int k = 0; k < 4; k++) {
          if (crosses(row, column, k, level)) {
            add(path, !open, crossX(row, column, k, level), crossY(row, column, k, level));
            open = !open;
          }
        }
      }
    }
    return path;
  }
}
