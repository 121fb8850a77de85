package org.bitquake.jobs.figure;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/**
 * Loss, and accuracy below it, along random directions: for each network the mean over the
 * directions, with all of them inside the shade.
 */
final class CurveChart {
  static final ChartSize SIZE = new ChartSize(560, 520);

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
    double most = points.stream().mapToDouble(LandscapePoint::loss).max().orElseThrow();
    plot.add(panel("Loss (nats)", LandscapePoint::loss, most), 3);
    plot.add(panel("Accuracy (%)", point -> 100 * point.accuracy(), 100), 2);
    plot.setFixedLegendItems(legend());
    return Look.chart(plot, plot);
  }

  private XYPlot panel(String label, ToDoubleFunction<LandscapePoint> value, double most) {
    var collection = new YIntervalSeriesCollection();
    for (String network : networks) {
      collection.addSeries(series(network, value));
    }
    NumberAxis axis = Look.axis(label, 0, most * 1.03, 6);
    var plot = new XYPlot(collection, null, axis, bands());
    plot.setDataset(1, collection);
    plot.setRenderer(1, lines());
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    Look.apply(plot);
    return plot;
  }

  private YIntervalSeries series(String network, ToDoubleFunction<LandscapePoint> value) {
    Map<Double, DoubleSummaryStatistics> byAlpha = new TreeMap<>();
    for (var point : points) {
      if (point.network().equals(network)) {
        byAlpha
            .computeIfAbsent(point.alpha(), alpha -> new DoubleSummaryStatistics())
            .accept(value.applyAsDouble(point));
      }
    }
    var series = new YIntervalSeries(network, true, false);
    byAlpha.forEach((alpha, y) -> series.add(alpha, y.getAverage(), y.getMin(), y.getMax()));
    return series;
  }

  private DeviationRenderer bands() {
    var renderer = new DeviationRenderer(false, false);
    renderer.setAlpha(0.13f);
    for (int i = 0; i < networks.size(); i++) {
      SeriesStyle.of(i).applyTo(renderer, i);
    }
    return renderer;
  }

  private XYLineAndShapeRenderer lines() {
    var renderer = new XYLineAndShapeRenderer(true, false);
    renderer.setDrawSeriesLineAsPath(true);
    for (int i = 0; i < networks.size(); i++) {
      SeriesStyle.of(i).applyTo(renderer, i);
    }
    return renderer;
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
