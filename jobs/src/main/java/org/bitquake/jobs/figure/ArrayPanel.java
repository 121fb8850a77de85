package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/**
 * An array of a memory as it lies: rows × columns, faulty cells in colour.
 *
 * @param title what there is to see, for those who do not see
 * @param group columns between two lines
 * @param groupName what such a group holds, such as {@code bit}
 * @param regions rows that belong together, from top to bottom; rows in none of them are unused
 * @param cells faulty cells
 */
public record ArrayPanel(
    String title,
    int rows,
    int columns,
    int group,
    String groupName,
    List<Region> regions,
    List<Cell> cells) {
  private static final Color[] COLOURS = {
    new Color(0x00, 0x72, 0xb2), new Color(0xd5, 0x5e, 0x00), new Color(0x8a, 0x8a, 0x8a)
  };
  private static final Color[] TINTS = {new Color(0xee, 0xf3, 0xf7), new Color(0xf9, 0xf3, 0xe6)};
  private static final BasicStroke THIN = new BasicStroke(0.5f);
  private static final int WIDTH = 420;
  private static final int MOST_HEIGHT = 840;
  private static final int LEFT = 40;
  private static final int TOP = 34;
  private static final int RIGHT = 92;
  private static final int BOTTOM = 10;
  private static final double LEAST_CELL = 2;
  private static final int LABEL_GAP = 13;
  private static final int MOST_LABELS = 8;

  /**
   * Rows of one layer.
   *
   * @param number of the layer, for its tint
   * @param end one past the last row
   */
  public record Region(String name, int number, int first, int end) {}

  /**
   * A faulty cell.
   *
   * @param style 0 to 2
   */
  public record Cell(int row, int column, int style) {}

  /** A square of the colour of a style, for legends. */
  public static Panel swatch(String name, int style) {
    return Panel.swatch(
        name,
        new Drawing(
            new ChartSize(14, 14),
            graphics -> {
              graphics.setPaint(COLOURS[style]);
              graphics.fill(new Rectangle2D.Double(2, 2, 10, 10));
            }));
  }

  private double cellWidth() {
    return (double) WIDTH / columns;
  }

  private double cellHeight() {
    return Math.min(cellWidth(), (double) MOST_HEIGHT / rows);
  }

  Drawing drawing() {
    int height = (int) Math.ceil(rows * cellHeight());
    return new Drawing(
        new ChartSize(LEFT + WIDTH + RIGHT, TOP + height + BOTTOM), g -> draw(g, height));
  }

  private void draw(Graphics2D graphics, int height) {
    graphics.translate(LEFT, TOP);
    regions.forEach(region -> tint(graphics, region));
    lines(graphics, height);
    for (int style = COLOURS.length - 1; style >= 0; style--) {
      graphics.setPaint(COLOURS[style]);
      graphics.fill(squares(style));
    }
    graphics.setStroke(THIN);
    graphics.setPaint(Look.INK);
    graphics.draw(new Rectangle2D.Double(0, 0, WIDTH, height));
    names(graphics);
    ticks(graphics);
  }

  private void tint(Graphics2D graphics, Region region) {
    graphics.setPaint(TINTS[region.number() % TINTS.length]);
    double top = region.first() * cellHeight();
    graphics.fill(new Rectangle2D.Double(0, top, WIDTH, region.end() * cellHeight() - top));
  }

  private void lines(Graphics2D graphics, int height) {
    graphics.setStroke(THIN);
    graphics.setPaint(Look.GRID);
    for (int column = group; column < columns; column += group) {
      double x = column * cellWidth();
      graphics.draw(new Line2D.Double(x, 0, x, height));
    }
  }

  /** All cells of one style, as one shape. */
  private Path2D squares(int style) {
    var path = new Path2D.Double();
    double width = Math.max(LEAST_CELL, cellWidth());
    double height = Math.max(LEAST_CELL, cellHeight());
    for (Cell cell : cells) {
      if (cell.style() == style) {
        path.append(
            new Rectangle2D.Double(
                cell.column() * cellWidth(), cell.row() * cellHeight(), width, height),
            false);
      }
    }
    return path;
  }

  private void names(Graphics2D graphics) {
    graphics.setFont(Look.TICK);
    graphics.setPaint(Look.INK);
    double free = Double.NEGATIVE_INFINITY;
    for (Region region : regions) {
      double middle = (region.first() + region.end()) / 2.0 * cellHeight() + 4;
      double y = Math.max(middle, free);
      graphics.drawString(region.name(), WIDTH + 6f, (float) y);
      free = y + LABEL_GAP;
    }
  }

  private void ticks(Graphics2D graphics) {
    int step = (int) Math.max(1, Ticks.step(rows, MOST_LABELS));
    var metrics = graphics.getFontMetrics();
    for (int row = 0; row < rows; row += step) {
      String text = Integer.toString(row);
      float y = (float) (row * cellHeight() + 4);
      graphics.drawString(text, -6f - metrics.stringWidth(text), y);
    }
    int groups = columns / group;
    int every = Math.max(1, groups / MOST_LABELS);
    for (int its = 0; its < groups; its += every) {
      graphics.drawString(
          its == 0 ? groupName + " 0" : Integer.toString(its),
          (float) (its * group * cellWidth()),
          -6f);
    }
    graphics.drawString("row", -LEFT + 4f, -6f);
  }
}
