package org.bitquake.jobs.figure;

import java.awt.Color;
import java.awt.Paint;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.data.xy.DefaultXYZDataset;

/** Puts {@link HeatPanel} together from JFreeChart's parts. */
record HeatPanelChart(HeatPanel panel) {
  private static final int WIDTH = 370;
  private static final int MARGIN = 66;
  private static final int ROW = 32;

  /** From pale to dark, even steps of lightness: Brewer's Blues. */
  private static final int[] SHADES = {
    0xf7fbff, 0xdeebf7, 0xc6dbef, 0x9ecae1, 0x6baed6, 0x4292c6, 0x2171b5, 0x08519c, 0x08306b
  };

  private static final double DARK = 0.55;

  ChartSize size() {
    return new ChartSize(WIDTH, MARGIN + ROW * panel.rows().size());
  }

  JFreeChart chart() {
    var data = new DefaultXYZDataset();
    int n = panel.cells().size();
    double[][] xyz = new double[3][n];
    for (int i = 0; i < n; i++) {
      var cell = panel.cells().get(i);
      xyz[0][i] = cell.column();
      xyz[1][i] = cell.row();
      xyz[2][i] = shade(cell);
    }
    data.addSeries("share", xyz);
    var renderer = new XYBlockRenderer();
    renderer.setBlockWidth(0.94);
    renderer.setBlockHeight(0.9);
    renderer.setPaintScale(new Shades());
    renderer.setDefaultToolTipGenerator((d, s, item) -> panel.cells().get(item).tip());
    var rows = axis(panel.rowsLabel(), panel.rows());
    rows.setInverted(true);
    var plot = new XYPlot(data, axis(panel.columnsLabel(), panel.columns()), rows, renderer);
    Look.apply(plot);
    plot.setRangeGridlinesVisible(false);
    panel.cells().forEach(cell -> plot.addAnnotation(text(cell)));
    var chart = Look.chart(plot, plot);
    chart.clearSubtitles();
    return chart;
  }

  private XYTextAnnotation text(HeatPanel.Cell cell) {
    var text = new XYTextAnnotation(cell.text(), cell.column(), cell.row());
    text.setFont(Look.TICK);
    text.setPaint(shade(cell) > DARK ? Look.BRIGHT : Look.DARK);
    return text;
  }

  private double shade(HeatPanel.Cell cell) {
    return (cell.value() - panel.palest()) / (panel.darkest() - panel.palest());
  }

  private static SymbolAxis axis(String label, java.util.List<String> names) {
    var axis = new SymbolAxis(label, names.stream().map(Look::shortened).toArray(String[]::new));
    axis.setLabelFont(Look.LABEL);
    axis.setLabelPaint(Look.INK);
    axis.setTickLabelFont(Look.TICK);
    axis.setTickLabelPaint(Look.INK);
    axis.setAxisLineVisible(false);
    axis.setTickMarksVisible(false);
    axis.setGridBandsVisible(false);
    axis.setRange(-0.5, names.size() - 0.5);
    return axis;
  }

  private static final class Shades implements PaintScale {
    @Override
    public double getLowerBound() {
      return 0;
    }

    @Override
    public double getUpperBound() {
      return 1;
    }

    @Override
    public Paint getPaint(double share) {
      double at = Math.min(1, Math.max(0, share)) * (SHADES.length - 1);
      int i = Math.min((int) at, SHADES.length - 2);
      return mix(new Color(SHADES[i]), new Color(SHADES[i + 1]), at - i);
    }

    private static Color mix(Color a, Color b, double part) {
      return new Color(
          (int) Math.round(a.getRed() + part * (b.getRed() - a.getRed())),
          (int) Math.round(a.getGreen() + part * (b.getGreen() - a.getGreen())),
          (int) Math.round(a.getBlue() + part * (b.getBlue() - a.getBlue())));
    }
  }
}
