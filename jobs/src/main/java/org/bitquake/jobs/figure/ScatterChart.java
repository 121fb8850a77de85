package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.math.BigDecimal;
import java.util.List;
import org.bitquake.Text;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.plot.CombinedRangeXYPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.data.xy.XYIntervalSeries;
import org.jfree.data.xy.XYIntervalSeriesCollection;

/** Accuracy lost under faults against sharpness; bars are errors of both. */
final class ScatterChart {
  private static final int PANEL_WIDTH = 270;
  private static final int MARGIN_WIDTH = 80;
  private static final int GAP = 14;
  private static final int HEIGHT = 330;

  private final List<FaultScatter> points;
  private final List<String> networks;
  private final String sharpness;

  private ScatterChart(List<FaultScatter> points, String sharpness) {
    this.points = points;
    this.sharpness = sharpness;
    this.networks = points.stream().map(FaultScatter::network).distinct().sorted().toList();
  }

  static JFreeChart of(List<FaultScatter> points, String sharpness) {
    return new ScatterChart(points, sharpness).build();
  }

  static ChartSize size(List<FaultScatter> points) {
    return new ChartSize(MARGIN_WIDTH + kinds(points).size() * PANEL_WIDTH, HEIGHT);
  }

  private static List<String> kinds(List<FaultScatter> points) {
    return points.stream().map(FaultScatter::kind).distinct().sorted().toList();
  }

  private JFreeChart build() {
    double most = points.stream().mapToDouble(p -> p.lost() + p.halfWidth()).max().orElseThrow();
    double least = points.stream().mapToDouble(p -> p.lost() - p.halfWidth()).min().orElseThrow();
    var lost =
        Look.axis("Accuracy lost (percentage points)", Math.min(0, 100 * least), 105 * most, 6);
    var plot = new CombinedRangeXYPlot(lost);
    plot.setGap(GAP);
    kinds(points).forEach(kind -> plot.add(panel(kind)));
    plot.setFixedLegendItems(legend());
    return Look.chart(plot, plot);
  }

  private XYPlot panel(String kind) {
    var collection = new XYIntervalSeriesCollection();
    var renderer = new XYErrorRenderer();
    renderer.setErrorStroke(new BasicStroke(1f));
    renderer.setUseFillPaint(true);
    double rate = 0;
    for (int i = 0; i < networks.size(); i++) {
      var series = new XYIntervalSeries(networks.get(i));
      for (var p : points) {
        if (p.kind().equals(kind) && p.network().equals(networks.get(i))) {
          rate = p.rate();
          series.add(
              p.sharpness(),
              p.sharpness() - p.error(),
              p.sharpness() + p.error(),
              100 * p.lost(),
              100 * (p.lost() - p.halfWidth()),
              100 * (p.lost() + p.halfWidth()));
        }
      }
      collection.addSeries(series);
      SeriesStyle.of(i).applyTo(renderer, i);
    }
    double most = points.stream().mapToDouble(p -> p.sharpness() + p.error()).max().orElseThrow();
    var plot = new XYPlot(collection, Look.axis(sharpness, 0, 1.06 * most, 5), null, renderer);
    String percent =
        BigDecimal.valueOf(rate).movePointRight(2).stripTrailingZeros().toPlainString();
    String title = Text.of("%s, %s %%", FaultPanels.title(kind), percent);
    plot.setDomainAxis(1, Look.heading(title, Look.title(List.of(title), PANEL_WIDTH - GAP)));
    plot.setDomainAxisLocation(1, AxisLocation.TOP_OR_LEFT);
    Look.apply(plot);
    return plot;
  }

  private LegendItemCollection legend() {
    var items = new LegendItemCollection();
    for (int i = 0; i < networks.size(); i++) {
      var item = SeriesStyle.of(i).legend(Look.shortened(networks.get(i)), Look.LABEL, Look.INK);
      item.setLineVisible(false);
      items.add(item);
    }
    return items;
  }
}
