package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Paint;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bitquake.Text;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.DefaultCategoryDataset;

/** Puts {@link BarPanel} together from JFreeChart's parts; names and legend are the page's. */
record BarPanelChart(BarPanel panel) {
  private static final int WIDTH = 370;
  private static final int MARGIN = 70;
  private static final int BAR = 11;
  private static final int GAP = 16;

  /** The part of a panel that the names of bars may take; longer ones are cut. */
  private static final float NAMES = 0.5f;

  /** Around names, and around values beside their bars, in points. */
  private static final double SPACE = 12;

  private static final String VALUE = "0.00";

  private static final int NARROW_GAP = 6;

  ChartSize size() {
    long categories = panel.bars().stream().map(BarPanel.Bar::category).distinct().count();
    long series = panel.bars().stream().map(BarPanel.Bar::style).distinct().count();
    return isPlain()
        ? new ChartSize(WIDTH, (int) (MARGIN + categories * (BAR + NARROW_GAP)))
        : new ChartSize(WIDTH, (int) (MARGIN + categories * (series * BAR + GAP)));
  }

  /** One bar in each category, with its value beside it. */
  private boolean isPlain() {
    return panel.bars().stream().map(BarPanel.Bar::category).distinct().count()
        == panel.bars().size();
  }

  JFreeChart chart() {
    return isPlain() ? plain() : grouped();
  }

  private JFreeChart plain() {
    var data = new DefaultCategoryDataset();
    panel.bars().forEach(bar -> data.addValue(bar.value(), "", bar.category()));
    var renderer = new PlainBars(panel.bars());
    flat(renderer);
    renderer.setDefaultToolTipGenerator((d, row, column) -> panel.bars().get(column).tip());
    renderer.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator(
            "{2}", new DecimalFormat(VALUE, DecimalFormatSymbols.getInstance(Locale.ROOT))));
    renderer.setDefaultItemLabelsVisible(true);
    renderer.setDefaultItemLabelFont(Look.TICK);
    renderer.setDefaultItemLabelPaint(Look.INK);
    renderer.setDefaultPositiveItemLabelPosition(
        new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT));
    double top = top() * roomForValues();
    return chart(data, renderer, top, Ticks.step(top, 5));
  }

  /** Of the axis where values stand beside the bars, in parts of the longest bar. */
  private double roomForValues() {
    double names = 0;
    double values = 0;
    for (var bar : panel.bars()) {
      names = Math.max(names, Look.width(bar.category(), Look.TICK));
      values = Math.max(values, Look.width(Text.of("%.2f", bar.value()), Look.TICK));
    }
    double width = WIDTH - Math.min(names + SPACE, NAMES * WIDTH) - SPACE;
    return width / (width - values - SPACE);
  }

  private JFreeChart grouped() {
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
    double step = Ticks.step(top(), 5);
    return chart(data, renderer(data, tips), step * Math.ceil(top() / step) + step / 8, step);
  }

  private double top() {
    double highest = panel.bars().stream().mapToDouble(BarPanel.Bar::value).max().orElseThrow();
    return highest > 0 ? highest : 1;
  }

  private JFreeChart chart(
      DefaultCategoryDataset data, BarRenderer renderer, double top, double step) {
    var value = Look.axis(panel.axis());
    value.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    value.setRange(0, top);
    var plot = new CategoryPlot(data, categories(), value, renderer);
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
    axis.setMaximumCategoryLabelWidthRatio(NAMES);
    return axis;
  }

  private static BarRenderer renderer(DefaultCategoryDataset data, Map<String, String> tips) {
    var renderer = new BarRenderer();
    flat(renderer);
    for (int row = 0; row < data.getRowCount(); row++) {
      SeriesStyle.of((Integer) data.getRowKey(row)).applyTo(renderer, row);
    }
    renderer.setDefaultToolTipGenerator(
        (d, row, column) -> tips.get(d.getRowKey(row) + " " + d.getColumnKey(column)));
    return renderer;
  }

  private static void flat(BarRenderer renderer) {
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0);
  }

  /** Each bar in the colours of its own series. */
  private static final class PlainBars extends BarRenderer {
    private static final long serialVersionUID = 1;
    private final transient List<BarPanel.Bar> bars;

    PlainBars(List<BarPanel.Bar> bars) {
      this.bars = bars;
      SeriesStyle.of(0).applyTo(this, 0);
    }

    @Override
    public Paint getItemPaint(int row, int column) {
      return SeriesStyle.of(bars.get(column).style()).barPaint();
    }

    @Override
    public Paint getItemOutlinePaint(int row, int column) {
      return SeriesStyle.of(bars.get(column).style()).colour();
    }
  }
}
