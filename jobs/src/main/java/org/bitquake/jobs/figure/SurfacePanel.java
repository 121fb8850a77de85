package org.bitquake.jobs.figure;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.bitquake.Text;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.ui.RectangleEdge;

/** The surface of one network for a page, with the loss at some of its points to point at. */
final class SurfacePanel {
  private static final ChartSize SIZE = new ChartSize(330, 310);

  /** Points to point at, along each axis, at most. */
  private static final int TARGETS = 18;

  private SurfacePanel() {}

  static String markup(List<LandscapePoint> points, LossScale scale) {
    var chart = SurfaceChart.single(points, scale);
    var plot = (XYPlot) chart.getPlot();
    String title = Text.of("Loss of %s over a plane through its weights", points.get(0).network());
    return InlineSvg.of(chart, SIZE, title, info -> targets(points, plot, info));
  }

  private static List<InlineSvg.Target> targets(
      List<LandscapePoint> points, XYPlot plot, ChartRenderingInfo info) {
    double[] alphas = SurfaceChart.distinct(points.stream().mapToDouble(LandscapePoint::alpha));
    double[] betas = SurfaceChart.distinct(points.stream().mapToDouble(LandscapePoint::beta));
    int everyAlpha = (alphas.length + TARGETS - 1) / TARGETS;
    int everyBeta = (betas.length + TARGETS - 1) / TARGETS;
    Rectangle2D area = info.getPlotInfo().getDataArea();
    double width = area.getWidth() * everyAlpha / Math.max(1, alphas.length - 1);
    double height = area.getHeight() * everyBeta / Math.max(1, betas.length - 1);
    List<InlineSvg.Target> targets = new ArrayList<>();
    for (var p : points) {
      // Counted from the middle, which is the network itself.
      int column = java.util.Arrays.binarySearch(alphas, p.alpha() + 0.0) - alphas.length / 2;
      int row = java.util.Arrays.binarySearch(betas, p.beta() + 0.0) - betas.length / 2;
      if (column % everyAlpha == 0 && row % everyBeta == 0) {
        double x = plot.getDomainAxis().valueToJava2D(p.alpha(), area, RectangleEdge.BOTTOM);
        double y = plot.getRangeAxis().valueToJava2D(p.beta(), area, RectangleEdge.LEFT);
        var around =
            new Rectangle2D.Double(x - width / 2, y - height / 2, width, height)
                .createIntersection(area);
        targets.add(new InlineSvg.Target(around, tip(p)));
      }
    }
    return targets;
  }

  private static String tip(LandscapePoint p) {
    return Text.of(
        "α %.2f, β %.2f: loss %.4g, accuracy %.1f %%",
        p.alpha() + 0.0, p.beta() + 0.0, p.loss(), 100 * p.accuracy());
  }
}
