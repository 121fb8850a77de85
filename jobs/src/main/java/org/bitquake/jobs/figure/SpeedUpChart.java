package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.CategoryLabelPositions;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.Layer;
import org.jfree.data.category.DefaultCategoryDataset;

/** Puts {@link SpeedUpFigure} together from JFreeChart's parts. */
final class SpeedUpChart {
  private static final int BAR_WIDTH = 15;
  private static final int GROUP_GAP = 24;
  private static final int NARROW_BAR_WIDTH = 7;
  private static final int NARROW_GROUP_GAP = 14;
  private static final int LEAST_WIDTH = 480;
  private static final int MARGIN_WIDTH = 90;
  private static final int HEIGHT = 300;
  private static final int LEGEND_ROW = 18;
  private static final int LEGEND_ITEM = 190;

  /** Layers from which on their names are written slantwise and their bars are narrow. */
  private static final int MANY_LAYERS = 9;

  private static final int SLANTED = 60;

  private final List<SpeedUp> bars;
  private final List<String> networks;

  private SpeedUpChart(List<SpeedUp> bars) {
    if (bars.isEmpty()) {
      throw new IllegalArgumentException("a figure needs at least one bar");
    }
    this.bars = bars;
    this.networks = networks(bars);
  }

  private static List<String> networks(List<SpeedUp> bars) {
    return bars.stream().map(SpeedUp::network).distinct().sorted().toList();
  }

  private static int layers(List<SpeedUp> bars) {
    return (int) bars.stream().map(SpeedUp::layer).distinct().count();
  }

  static JFreeChart of(List<SpeedUp> bars) {
    return new SpeedUpChart(bars).build();
  }

  static ChartSize size(List<SpeedUp> bars) {
    int networks = networks(bars).size();
    int layers = layers(bars);
    int group =
        layers < MANY_LAYERS
            ? networks * BAR_WIDTH + GROUP_GAP
            : networks * NARROW_BAR_WIDTH + NARROW_GROUP_GAP;
    int width = Math.max(LEAST_WIDTH, MARGIN_WIDTH + layers * group);
    int perRow = Math.max(1, width / LEGEND_ITEM);
    int rows = (networks + perRow - 1) / perRow;
    int names = layers < MANY_LAYERS ? 0 : SLANTED;
    return new ChartSize(width, HEIGHT + names + LEGEND_ROW * rows);
  }

  private JFreeChart build() {
    var data = new DefaultCategoryDataset();
    bars.stream() // first by network: the bars of a group come in this order
        .sorted((a, b) -> a.network().compareTo(b.network()))
        .forEach(bar -> data.addValue(bar.factor(), bar.network(), bar.layer()));
    double highest = bars.stream().mapToDouble(SpeedUp::factor).max().orElseThrow();
    double step = Ticks.step(highest, 6);
    var factor = Look.axis("Speed-up over DaDianNao");
    factor.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    factor.setRange(0, step * Math.ceil(highest / step) + step / 8);
    var plot = new CategoryPlot(data, layerAxis(), factor, renderer());
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(Look.GRID);
    plot.setRangeGridlineStroke(new BasicStroke(0.8f));
    plot.addRangeMarker(
        new ValueMarker(1, Look.INK, new BasicStroke(1f, 0, 0, 10f, new float[] {3, 3}, 0f)),
        Layer.FOREGROUND);
    plot.setFixedLegendItems(legend());
    return Look.chart(plot, plot);
  }

  private CategoryAxis layerAxis() {
    var axis = Look.names();
    if (layers(bars) >= MANY_LAYERS) {
      axis.setCategoryLabelPositions(CategoryLabelPositions.UP_45);
    }
    return axis;
  }

  private BarRenderer renderer() {
    var renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0);
    for (int i = 0; i < networks.size(); i++) {
      SeriesStyle.of(i).applyTo(renderer, i);
    }
    return renderer;
  }

  private LegendItemCollection legend() {
    var items = new LegendItemCollection();
    for (int i = 0; i < networks.size(); i++) {
      items.add(SeriesStyle.of(i).barLegend(Look.shortened(networks.get(i)), Look.LABEL, Look.INK));
    }
    return items;
  }
}
