package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CombinedRangeXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Puts {@link AccuracyFigure} together from JFreeChart's parts. */
final class AccuracyChart {
  /** Width and height in points. */
  record Size(int width, int height) {
    Rectangle2D rectangle() {
      return new Rectangle2D.Double(0, 0, width, height);
    }
  }

  private static final int PANEL_WIDTH = 270;
  private static final int MARGIN_WIDTH = 80;
  private static final int HEIGHT = 310;
  private static final int NETWORKS_PER_LEGEND_ROW = 4;
  private static final int LEGEND_ROW = 18;
  private static final int LONGEST_NAME = 40;

  /** Percentage points that the accuracy axis shows at least. */
  private static final double LEAST_SPAN = 5;

  private static final Color INK = new Color(0x22, 0x22, 0x22);
  private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);
  private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  private final Set<String> networks = new LinkedHashSet<>();
  private final Map<String, YIntervalSeriesCollection> panels = new LinkedHashMap<>();
  private final double greatestRate;
  private final double lowest;
  private final double highest;

  private AccuracyChart(List<CellPoint> points) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a figure needs at least one point");
    }
    points.stream().map(CellPoint::network).sorted().forEach(networks::add);
    FaultPanels.order(points).forEach(kind -> panels.put(kind, series(points, kind)));
    greatestRate = 100 * points.stream().mapToDouble(CellPoint::rate).max().orElseThrow();
    highest = 100 * points.stream().mapToDouble(CellPoint::high).max().orElseThrow();
    double low = 100 * points.stream().mapToDouble(CellPoint::low).min().orElseThrow();
    lowest = Math.max(0, Math.min(low, highest - LEAST_SPAN));
  }

  static JFreeChart of(List<CellPoint> points) {
    return new AccuracyChart(points).build();
  }

  static Size size(List<CellPoint> points) {
    int panels = FaultPanels.order(points).size();
    long networks = points.stream().map(CellPoint::network).distinct().count();
    int perRow = Math.max(1, NETWORKS_PER_LEGEND_ROW * panels / 3);
    int rows = (int) ((networks + perRow - 1) / perRow);
    return new Size(MARGIN_WIDTH + panels * PANEL_WIDTH, HEIGHT + LEGEND_ROW * rows);
  }

  private YIntervalSeriesCollection series(List<CellPoint> points, String kind) {
    var collection = new YIntervalSeriesCollection();
    for (String network : networks) {
      var series = new YIntervalSeries(network, true, false);
      points.stream()
          .filter(point -> point.kind().equals(kind) && point.network().equals(network))
          .forEach(
              point ->
                  series.add(
                      100 * point.rate(),
                      100 * point.accuracy(),
                      100 * point.low(),
                      100 * point.high()));
      collection.addSeries(series);
    }
    return collection;
  }

  private JFreeChart build() {
    var accuracy = axis("Accuracy (%)");
    double step = Ticks.step(Math.max(highest - lowest, LEAST_SPAN), 6);
    accuracy.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    accuracy.setRange(
        step * Math.floor(lowest / step),
        Math.min(100, step * Math.ceil(highest / step)) + step / 8);
    var plot = new CombinedRangeXYPlot(accuracy);
    plot.setGap(14);
    panels.forEach((kind, data) -> plot.add(panel(kind, data)));
    plot.setFixedLegendItems(legend());
    var chart = new JFreeChart(null, LABEL, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(6, 6, 6, 12));
    chart.addSubtitle(legendTitle(plot));
    chart.setTextAntiAlias(RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return chart;
  }

  private XYPlot panel(String kind, YIntervalSeriesCollection data) {
    var rate = axis("Faulty memory cells (%)");
    double greatest = greatestRate == 0 ? 1 : greatestRate;
    double step = Ticks.step(greatest, 6);
    rate.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    rate.setRange(-greatest / 40, greatest + greatest / 40);
    var plot = new XYPlot(data, rate, null, bands());
    plot.setDataset(1, data);
    plot.setRenderer(1, lines());
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDomainAxis(1, heading(FaultPanels.title(kind)));
    plot.setDomainAxisLocation(1, AxisLocation.TOP_OR_LEFT);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(0.8f));
    plot.setDomainGridlinesVisible(false);
    return plot;
  }

  /** JFreeChart has no titles for the plots of a combined one: an axis with a label but no line. */
  private static NumberAxis heading(String title) {
    var axis = new NumberAxis(title);
    axis.setLabelFont(TITLE);
    axis.setLabelPaint(INK);
    axis.setTickLabelsVisible(false);
    axis.setTickMarksVisible(false);
    axis.setAxisLineVisible(false);
    return axis;
  }

  private static NumberAxis axis(String label) {
    var axis = new NumberAxis(label);
    axis.setLabelFont(LABEL);
    axis.setLabelPaint(INK);
    axis.setTickLabelFont(TICK);
    axis.setTickLabelPaint(INK);
    axis.setAxisLinePaint(INK);
    axis.setTickMarkPaint(INK);
    return axis;
  }

  private DeviationRenderer bands() {
    var renderer = new DeviationRenderer(false, false);
    renderer.setAlpha(0.2f);
    for (int i = 0; i < networks.size(); i++) {
      SeriesStyle.of(i).applyTo(renderer, i);
    }
    return renderer;
  }

  private XYLineAndShapeRenderer lines() {
    var renderer = new XYLineAndShapeRenderer(true, true);
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setUseFillPaint(true);
    for (int i = 0; i < networks.size(); i++) {
      SeriesStyle.of(i).applyTo(renderer, i);
    }
    return renderer;
  }

  private LegendItemCollection legend() {
    var items = new LegendItemCollection();
    int i = 0;
    for (String network : networks) {
      String name =
          network.codePointCount(0, network.length()) <= LONGEST_NAME
              ? network
              : network.substring(0, network.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
      items.add(SeriesStyle.of(i++).legend(name, LABEL, INK));
    }
    return items;
  }

  private static LegendTitle legendTitle(CombinedRangeXYPlot plot) {
    var legend = new LegendTitle(plot);
    legend.setPosition(RectangleEdge.BOTTOM);
    legend.setItemFont(LABEL);
    legend.setItemPaint(INK);
    legend.setItemLabelPadding(new RectangleInsets(2, 4, 2, 14));
    legend.setBackgroundPaint(Color.WHITE);
    return legend;
  }
}
