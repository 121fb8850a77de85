package org.bitquake.jobs.figure;

import java.awt.Font;
import java.util.ArrayList;
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
  private static final int GAP = 14;
  private static final int HEIGHT = 310;
  private static final int NETWORKS_PER_LEGEND_ROW = 4;
  private static final int LEGEND_ROW = 18;
  private static final int MOST_IN_ONE_ROW = 6;
  private static final int MOST_IN_SEVERAL_ROWS = 4;

  /** Percentage points that the accuracy axis shows at least. */
  private static final double LEAST_SPAN = 5;

  private final Set<String> networks = new LinkedHashSet<>();
  private final Map<String, YIntervalSeriesCollection> panels = new LinkedHashMap<>();
  private final Font title;
  private final double greatestRate;
  private final double lowest;
  private final double highest;

  private AccuracyChart(List<CellPoint> points, List<String> models) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a figure needs at least one point");
    }
    points.stream().map(CellPoint::network).sorted().forEach(networks::add);
    FaultPanels.order(points.stream().map(CellPoint::kind), models)
        .forEach(kind -> panels.put(kind, series(points, kind)));
    title =
        Look.title(panels.keySet().stream().map(FaultPanels::title).toList(), PANEL_WIDTH - GAP);
    greatestRate = 100 * points.stream().mapToDouble(CellPoint::rate).max().orElseThrow();
    highest = 100 * points.stream().mapToDouble(CellPoint::high).max().orElseThrow();
    double low = 100 * points.stream().mapToDouble(CellPoint::low).min().orElseThrow();
    lowest = Math.max(0, Math.min(low, highest - LEAST_SPAN));
  }

  static JFreeChart of(List<CellPoint> points, List<String> models) {
    return new AccuracyChart(points, models).build();
  }

  static ChartSize size(List<CellPoint> points) {
    int panels = (int) points.stream().map(CellPoint::kind).distinct().count();
    long networks = points.stream().map(CellPoint::network).distinct().count();
    int columns = columns(panels);
    int perRow = Math.max(1, NETWORKS_PER_LEGEND_ROW * columns / 3);
    int legend = (int) ((networks + perRow - 1) / perRow);
    return new ChartSize(
        MARGIN_WIDTH + columns * PANEL_WIDTH, HEIGHT * rows(panels) + LEGEND_ROW * legend);
  }

  private static int rows(int panels) {
    return panels <= MOST_IN_ONE_ROW
        ? 1
        : (panels + MOST_IN_SEVERAL_ROWS - 1) / MOST_IN_SEVERAL_ROWS;
  }

  /** Of each row but the last, which may have fewer. */
  private static int columns(int panels) {
    return (panels + rows(panels) - 1) / rows(panels);
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
    var kinds = List.copyOf(panels.keySet());
    int columns = columns(kinds.size());
    List<CombinedRangeXYPlot> rows = new ArrayList<>();
    for (int from = 0; from < kinds.size(); from += columns) {
      rows.add(row(kinds.subList(from, Math.min(kinds.size(), from + columns))));
    }
    rows.get(0).setFixedLegendItems(legend());
    return Look.chart(
        rows.size() == 1 ? rows.get(0) : new RowsPlot(rows, PANEL_WIDTH), rows.get(0));
  }

  private CombinedRangeXYPlot row(List<String> kinds) {
    var accuracy = Look.axis("Accuracy (%)");
    double step = Ticks.step(Math.max(highest - lowest, LEAST_SPAN), 6);
    accuracy.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    accuracy.setRange(
        step * Math.floor(lowest / step),
        Math.min(100, step * Math.ceil(highest / step)) + step / 8);
    var row = new CombinedRangeXYPlot(accuracy);
    row.setGap(GAP);
    kinds.forEach(kind -> row.add(panel(kind, panels.get(kind))));
    return row;
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
    plot.setDomainAxis(1, Look.heading(FaultPanels.title(kind), title));
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
