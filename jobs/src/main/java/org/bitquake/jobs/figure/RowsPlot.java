package org.bitquake.jobs.figure;

import java.awt.Graphics2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.plot.CombinedRangeXYPlot;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.PlotState;

/** Rows of panels below each other, all as high; panels are as wide in a last, shorter row. */
final class RowsPlot extends Plot {
  private static final long serialVersionUID = 1;

  private final transient List<CombinedRangeXYPlot> rows;
  private final double panelWidth;

  /**
   * @param rows the first is the longest
   * @param panelWidth of each panel, in points
   */
  RowsPlot(List<CombinedRangeXYPlot> rows, double panelWidth) {
    this.rows = List.copyOf(rows);
    this.panelWidth = panelWidth;
  }

  @Override
  public String getPlotType() {
    return "rows of panels";
  }

  @Override
  public void draw(
      Graphics2D graphics,
      Rectangle2D area,
      Point2D anchor,
      PlotState parent,
      PlotRenderingInfo info) {
    double height = area.getHeight() / rows.size();
    for (int i = 0; i < rows.size(); i++) {
      var row = rows.get(i);
      double missing = panelWidth * (panels(rows.get(0)) - panels(row));
      var its =
          new Rectangle2D.Double(
              area.getX(), area.getY() + i * height, area.getWidth() - missing, height);
      row.draw(graphics, its, anchor, parent, null);
    }
  }

  private static int panels(CombinedRangeXYPlot row) {
    return row.getSubplots().size();
  }
}
