package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.annotations.XYShapeAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.plot.CombinedRangeXYPlot;
import org.jfree.chart.plot.XYPlot;

/** Loss over a plane through the weights: a map per network, all on one scale of colours. */
final class SurfaceChart {
  private static final int PANEL_WIDTH = 250;
  private static final int MARGIN_WIDTH = 80;
  private static final int GAP = 30;
  private static final int HEIGHT = 300;
  private static final int LEGEND_ROW = 20;
  private static final int BAND_WIDTH = 86;
  private static final BasicStroke THIN = new BasicStroke(0.7f);
  private static final BasicStroke RING = new BasicStroke(1.2f);
  private static final Color LINE = new Color(0xfe, 0xfe, 0xfe, 0x90);

  private final List<LandscapePoint> points;
  private final LossScale scale;

  private SurfaceChart(List<LandscapePoint> points, LossScale scale) {
    this.points = points;
    this.scale = scale;
  }

  static LossScale scale(List<LandscapePoint> points) {
    var losses = points.stream().mapToDouble(LandscapePoint::loss).summaryStatistics();
    return LossScale.of(losses.getMin(), losses.getMax());
  }

  static JFreeChart of(List<LandscapePoint> points) {
    return new SurfaceChart(points, scale(points)).build();
  }

  /** One network alone, without its name and the legend. */
  static JFreeChart single(List<LandscapePoint> points, LossScale scale) {
    double range = points.stream().mapToDouble(LandscapePoint::beta).max().orElseThrow();
    var plot = new SurfaceChart(points, scale).panel(points.get(0).network());
    plot.setRangeAxis(Look.axis("β", -range, range, 5));
    plot.setDomainAxis(1, null);
    var chart = Look.chart(plot, plot);
    chart.clearSubtitles();
    return chart;
  }

  static ChartSize size(List<LandscapePoint> points) {
    int width = MARGIN_WIDTH + Math.max(2, LandscapePoint.networks(points).size()) * PANEL_WIDTH;
    int perRow = Math.max(1, (width - MARGIN_WIDTH) / BAND_WIDTH);
    int rows = (scale(points).bands() + perRow - 1) / perRow;
    return new ChartSize(width, HEIGHT + LEGEND_ROW * rows);
  }

  private JFreeChart build() {
    double range = points.stream().mapToDouble(LandscapePoint::beta).max().orElseThrow();
    var plot = new CombinedRangeXYPlot(Look.axis("β", -range, range, 5));
    plot.setGap(GAP); // room for the labels at the ends of the axes
    LandscapePoint.networks(points).forEach(network -> plot.add(panel(network)));
    plot.setFixedLegendItems(legend());
    return Look.chart(plot, plot);
  }

  private XYPlot panel(String network) {
    var its = points.stream().filter(p -> p.network().equals(network)).toList();
    Contours contours = contours(its);
    double[] x = contours.x();
    double[] y = contours.y();
    var plot = new XYPlot(null, Look.axis("α", x[0], x[x.length - 1], 5), null, null);
    String title = Look.shortened(network);
    plot.setDomainAxis(1, Look.heading(title, Look.title(List.of(title), PANEL_WIDTH - GAP)));
    plot.setDomainAxisLocation(1, AxisLocation.TOP_OR_LEFT);
    Look.apply(plot);
    plot.setRangeGridlinesVisible(false);
    var all = new Rectangle2D.Double(x[0], y[0], x[x.length - 1] - x[0], y[y.length - 1] - y[0]);
    plot.addAnnotation(new XYShapeAnnotation(all, null, null, scale.colour(0)));
    for (int i = 0; i < scale.levels().size(); i++) {
      var area = contours.area(scale.levels().get(i));
      plot.addAnnotation(new XYShapeAnnotation(area, null, null, scale.colour(i + 1)));
    }
    for (double level : scale.levels()) {
      plot.addAnnotation(new XYShapeAnnotation(contours.line(level), THIN, LINE));
    }
    centre(plot, x[x.length - 1], y[y.length - 1]);
    return plot;
  }

  /** A ring where the network itself is. */
  private static void centre(XYPlot plot, double width, double height) {
    var ring = new Ellipse2D.Double(-width / 50, -height / 50, width / 25, height / 25);
    plot.addAnnotation(new XYShapeAnnotation(ring, RING, Look.BRIGHT));
  }

  /** Rows are β, columns α, whatever the order of the points and however many of each. */
  private static Contours contours(List<LandscapePoint> points) {
    double[] x = distinct(points.stream().mapToDouble(LandscapePoint::alpha));
    double[] y = distinct(points.stream().mapToDouble(LandscapePoint::beta));
    double[][] z = new double[y.length][x.length];
    for (double[] row : z) {
      Arrays.fill(row, Double.NaN);
    }
    for (var p : points) {
      z[Arrays.binarySearch(y, p.beta())][Arrays.binarySearch(x, p.alpha())] = p.loss();
    }
    return new Contours(x, y, z);
  }

  static double[] distinct(DoubleStream values) {
    return values.map(v -> v + 0.0).distinct().sorted().toArray();
  }

  private LegendItemCollection legend() {
    var items = new LegendItemCollection();
    var square = new Rectangle2D.Double(-6, -6, 12, 12);
    for (int band = 0; band < scale.bands(); band++) {
      var item = new LegendItem(scale.label(band), null, null, null, square, scale.colour(band));
      item.setLabelFont(Look.LABEL);
      item.setLabelPaint(Look.INK);
      items.add(item);
    }
    return items;
  }
}
