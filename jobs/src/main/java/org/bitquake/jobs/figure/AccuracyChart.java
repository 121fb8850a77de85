package org.bitquake.jobs.figure;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CombinedRangeXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Puts {@link AccuracyFigure} together from JFreeChart's parts. */
final class AccuracyChart {
  private static final int PANEL_WIDTH = 270;
  private static final int MARGIN_WIDTH = 80;
  private static final int HEIGHT = 310;
  private static final int NETWORKS_PER_LEGEND_ROW = 4;
  private static final int LEGEND_ROW = 18;

  /** Percentage points that the accuracy axis shows at least. */
  private static final double LEAST_SPAN = 5;

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

  static ChartSize size(List<CellPoint> points) {
    int panels = FaultPanels.order(points).size();
    long networks = points.stream().map(CellPoint::network).distinct().count();
    int perRow = Math.max(1, NETWORKS_PER_LEGEND_ROW * panels / 3);
    int rows = (int) ((networks + perRow - 1) / perRow);
    return new ChartSize(MARGIN_WIDTH + panels * PANEL_WIDTH, HEIGHT + LEGEND_ROW * rows);
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
    var accuracy = Look.axis("Accuracy (%)");
    double step = Ticks.step(Math.max(highest - lowest, LEAST_SPAN), 6);
    accuracy.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    accuracy.setRange(
        step * Math.floor(lowest / step),
        Math.min(100, step * Math.ceil(highest / step)) + step / 8);
    var plot = new CombinedRangeXYPlot(accuracy);
    plot.setGap(14);
    panels.forEach((kind, data) -> plot.add(panel(kind, data)));
    plot.setFixedLegendItems(legend());
    return Look.chart(plot, plot);
  }

  private XYPlot panel(String kind, YIntervalSeriesCollection data) {
    var rate = Look.axis("Faulty memory cells (%)");
    double greatest = greatestRate == 0 ? 1 : greatestRate;
    double step = Ticks.step(greatest, 6);
    rate.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    rate.setRange(-greatest / 40, greatest + greatest / 40);
    var plot = new XYPlot(data, rate, null, SeriesStyle.bands(networks.size()));
    plot.setDataset(1, data);
    plot.setRenderer(1, SeriesStyle.lines(networks.size(), true));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.setDomainAxis(1, Look.heading(FaultPanels.title(kind)));
    plot.setDomainAxisLocation(1, AxisLocation.TOP_OR_LEFT);
    Look.apply(plot);
    return plot;
  }

  private LegendItemCollection legend() {
    var items = new LegendItemCollection();
    int i = 0;
    for (String network : networks) {
      items.add(SeriesStyle.of(i++).legend(Look.shortened(network), Look.LABEL, Look.INK));
    }
    return items;
  }
}
