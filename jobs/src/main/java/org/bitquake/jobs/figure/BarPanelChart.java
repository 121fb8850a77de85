package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.Layer;
import org.jfree.data.category.DefaultCategoryDataset;

/** Puts {@link BarPanel} together from JFreeChart's parts; names and legend are the page's. */
record BarPanelChart(BarPanel panel) {
  private static final int WIDTH = 370;
  private static final int MARGIN = 70;
  private static final int BAR = 11;
  private static final int GAP = 16;

  ChartSize size() {
    long categories = panel.bars().stream().map(BarPanel.Bar::category).distinct().count();
    long series = panel.bars().stream().map(BarPanel.Bar::style).distinct().count();
    return new ChartSize(WIDTH, (int) (MARGIN + categories * (series * BAR + GAP)));
  }

  JFreeChart chart() {
    var data = new DefaultCategoryDataset();
    Map<Integer, String> names = new LinkedHashMap<>();
    Map<String, String> tips = new LinkedHashMap<>();
    panel.bars().stream()
        .sorted(Comparator.comparingInt(BarPanel.Bar::style))
        .forEach(
            bar -> {
              names.put(bar.style(), bar.series());
              tips.put(bar.style() + " " + bar.category(), bar.tip());
            });
    // Categories in their order, series in theirs: the data set orders both as they come.
    panel.bars().forEach(bar -> names.forEach((s, n) -> data.addValue(null, s, bar.category())));
    panel
        .bars()
        .forEach(bar -> data.addValue(bar.value(), Integer.valueOf(bar.style()), bar.category()));
    double highest = panel.bars().stream().mapToDouble(BarPanel.Bar::value).max().orElseThrow();
    double top = highest > 0 ? highest : 1;
    double step = Ticks.step(top, 5);
    var value = Look.axis(panel.axis());
    value.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    value.setRange(0, step * Math.ceil(top / step) + step / 8);
    var plot = new CategoryPlot(data, categories(), value, renderer(data, tips));
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeAxisLocation(org.jfree.chart.axis.AxisLocation.BOTTOM_OR_LEFT);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(Look.GRID);
    plot.setRangeGridlineStroke(new BasicStroke(0.8f));
    if (panel.one()) {
      plot.addRangeMarker(
          new ValueMarker(1, Look.INK, new BasicStroke(1f, 0, 0, 10f, new float[] {3, 3}, 0f)),
          Layer.FOREGROUND);
    }
    var chart = Look.chart(plot, plot);
    chart.clearSubtitles();
    return chart;
  }

  private static CategoryAxis categories() {
    var axis = Look.names();
    axis.setMaximumCategoryLabelWidthRatio(0.35f);
    return axis;
  }

  private static BarRenderer renderer(DefaultCategoryDataset data, Map<String, String> tips) {
    var renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0);
    for (int row = 0; row < data.getRowCount(); row++) {
      SeriesStyle.of((Integer) data.getRowKey(row)).applyTo(renderer, row);
    }
    renderer.setDefaultToolTipGenerator(
        (d, row, column) -> tips.get(d.getRowKey(row) + " " + d.getColumnKey(column)));
    return renderer;
  }
}
