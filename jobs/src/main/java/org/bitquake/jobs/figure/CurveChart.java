package org.bitquake.jobs.figure;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.general.DatasetUtils;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/**
 * Loss, and accuracy below it, along random directions: for each network the mean over the
 * directions, its standard error shaded.
 */
final class CurveChart {
  static final ChartSize SIZE = new ChartSize(560, 520);

  private static final double AXIS_WIDTH = 52;

  private final List<String> networks;
  private final List<LandscapePoint> points;
  private final double range;

  private CurveChart(List<LandscapePoint> points) {
    this.points = points;
    this.networks = LandscapePoint.networks(points);
    this.range = points.stream().mapToDouble(LandscapePoint::alpha).max().orElseThrow();
  }

  static JFreeChart of(List<LandscapePoint> points) {
    return new CurveChart(points).build();
  }

  private JFreeChart build() {
    var plot =
        new CombinedDomainXYPlot(
            Look.axis("α, along filter-normalised directions", -range, range, 10));
    plot.setGap(12);
    plot.add(panel("Loss (nats)", LandscapePoint::loss, 0.0), 3);
    plot.add(panel("Accuracy (%)", point -> 100 * point.accuracy(), 100), 2);
    plot.setFixedLegendItems(legend());
    return Look.chart(plot, plot);
  }

  private XYPlot panel(String label, ToDoubleFunction<LandscapePoint> value, double most) {
    var collection = new YIntervalSeriesCollection();
    networks.forEach(network -> collection.addSeries(series(network, value)));
    double highest = Math.max(most, DatasetUtils.findMaximumRangeValue(collection).doubleValue());
    NumberAxis axis = Look.axis(label, 0, highest * 1.03, 6);
    axis.setFixedDimension(AXIS_WIDTH); // both panels begin at the same place
    var plot = new XYPlot(collection, null, axis, SeriesStyle.bands(networks.size()));
    plot.setDataset(1, collection);
    plot.setRenderer(1, SeriesStyle.lines(networks.size(), false));
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    Look.apply(plot);
    return plot;
  }

  private YIntervalSeries series(String network, ToDoubleFunction<LandscapePoint> value) {
    Map<Double, SummaryStatistics> byAlpha = new TreeMap<>();
    for (var point : points) {
      if (point.network().equals(network)) {
        byAlpha
            .computeIfAbsent(point.alpha(), alpha -> new SummaryStatistics())
            .addValue(value.applyAsDouble(point));
      }
    }
    var series = new YIntervalSeries(network, true, false);
    byAlpha.forEach(
        (alpha, y) -> {
          double error = y.getN() < 2 ? 0 : y.getStandardDeviation() / Math.sqrt((double) y.getN());
          series.add(alpha, y.getMean(), y.getMean() - error, y.getMean() + error);
        });
    return series;
  }

  private LegendItemCollection legend() {
    var items = new LegendItemCollection();
    for (int i = 0; i < networks.size(); i++) {
      var item = SeriesStyle.of(i).legend(Look.shortened(networks.get(i)), Look.LABEL, Look.INK);
      item.setShapeVisible(false);
      items.add(item);
    }
    return items;
  }
}
