package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.math.BigDecimal;
import java.math.MathContext;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.FieldPosition;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYItemRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Puts {@link XyPanel} together from JFreeChart's parts; names and legend are the page's. */
record XyPanelChart(XyPanel panel) {
  static final ChartSize SIZE = new ChartSize(370, 270);

  /** Writes exponents of two as powers of two. */
  private static final NumberFormat POWERS =
      new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)) {
        private static final long serialVersionUID = 1;

        @Override
        public StringBuffer format(double exponent, StringBuffer text, FieldPosition where) {
          var digits = exponent < 0 ? new MathContext(3) : MathContext.UNLIMITED; // 1024, not 1020
          var power = new BigDecimal(StrictMath.pow(2, exponent), digits);
          return text.append(power.stripTrailingZeros().toPlainString());
        }
      };

  JFreeChart chart() {
    var plot = new XYPlot(null, axis(panel.x()), axis(panel.y()), null);
    int dataset = 0;
    for (var series : panel.series()) {
      var data = data(series);
      if (series.form() == XyPanel.Form.BAND || series.form() == XyPanel.Form.LINE) {
        plot.setDataset(dataset, data);
        var bands = SeriesStyle.bands(1);
        SeriesStyle.of(series.style()).applyTo(bands, 0);
        plot.setRenderer(dataset++, bands);
      }
      plot.setDataset(dataset, data);
      plot.setRenderer(dataset++, renderer(series));
    }
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    if (panel.zeroLine()) {
      plot.addRangeMarker(
          new ValueMarker(0, Look.INK, new BasicStroke(1f, 0, 0, 10f, new float[] {3, 3}, 0f)),
          Layer.BACKGROUND);
    }
    Look.apply(plot);
    var chart = Look.chart(plot, plot);
    chart.clearSubtitles();
    return chart;
  }

  private YIntervalSeriesCollection data(XyPanel.Series series) {
    var values = new YIntervalSeries(series.name(), false, true);
    for (var p : series.points()) {
      values.add(
          at(panel.x(), p.x()),
          at(panel.y(), p.y()),
          at(panel.y(), p.low()),
          at(panel.y(), p.high()));
    }
    var data = new YIntervalSeriesCollection();
    data.addSeries(values);
    return data;
  }

  private static XYItemRenderer renderer(XyPanel.Series series) {
    XYLineAndShapeRenderer renderer;
    if (series.form() == XyPanel.Form.POINTS) {
      var bars = new XYErrorRenderer();
      bars.setErrorStroke(new BasicStroke(1f));
      bars.setUseFillPaint(true);
      renderer = bars;
    } else {
      renderer = SeriesStyle.lines(1, series.form() == XyPanel.Form.BAND);
    }
    var style = SeriesStyle.of(series.style());
    (series.form() == XyPanel.Form.THIN ? style.thin() : style).applyTo(renderer, 0);
    List<XyPanel.Point> points = series.points();
    renderer.setDefaultToolTipGenerator((data, s, item) -> points.get(item).tip());
    return renderer;
  }

  private static ValueAxis axis(XyPanel.Axis axis) {
    if (!axis.log()) {
      var linear = Look.axis(axis.label());
      double step = Ticks.step(axis.high() - axis.low(), 6);
      linear.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
      linear.setRange(axis.low(), axis.high());
      return linear;
    }
    var powers = Look.axis(axis.label());
    double low = log2(axis.low());
    double high = log2(axis.high());
    if (Math.floor(high) < Math.ceil(low) + 1) { // no two powers between: the ones around, too
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    powers.setTickUnit(new NumberTickUnit(Math.max(1, Math.ceil((high - low) / 7)), POWERS));
    powers.setRange(low, high);
    return powers;
  }

  private static double log2(double value) {
    return StrictMath.log(value) / StrictMath.log(2);
  }

  /** Where a value stands on its axis: a logarithmic one counts powers of two. */
  private static double at(XyPanel.Axis axis, double value) {
    return axis.log() ? log2(value) : value;
  }
}
