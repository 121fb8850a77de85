package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.util.Collection;
import org.bitquake.Text;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItemSource;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;

/** What all figures have in common. */
final class Look {
  static final Color INK = new Color(0x22, 0x22, 0x22);
  static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 13);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  /** On dark and on pale parts of a map, whatever the page's colours. */
  static final Color BRIGHT = new Color(0xfe, 0xfe, 0xfe);

  static final Color DARK = new Color(0x21, 0x21, 0x21);
  private static final int LONGEST_NAME = 40;
  private static final FontRenderContext MEASURE = new FontRenderContext(null, true, true);

  private Look() {}

  static NumberAxis axis(String label) {
    var axis = new NumberAxis(label);
    axis.setLabelFont(LABEL);
    axis.setLabelPaint(INK);
    axis.setTickLabelFont(TICK);
    axis.setTickLabelPaint(INK);
    axis.setAxisLinePaint(INK);
    axis.setTickMarkPaint(INK);
    return axis;
  }

  /** An axis from {@code low} to {@code high} with about so many round ticks. */
  static NumberAxis axis(String label, double low, double high, int steps) {
    var axis = axis(label);
    double step = Ticks.step(high - low, steps);
    axis.setTickUnit(new NumberTickUnit(step, Ticks.format(step)));
    axis.setRange(low, high);
    return axis;
  }

  /** An axis of names, for groups of bars. */
  static CategoryAxis names() {
    var axis = new CategoryAxis();
    axis.setTickLabelFont(TICK);
    axis.setTickLabelPaint(INK);
    axis.setAxisLinePaint(INK);
    axis.setTickMarksVisible(false);
    axis.setLowerMargin(0.02);
    axis.setUpperMargin(0.02);
    axis.setCategoryMargin(0.25);
    return axis;
  }

  /**
   * The font of titles side by side: smaller than {@link #TITLE} where one would not fit.
   *
   * @param width of each, in points
   */
  static Font title(Collection<String> titles, double width) {
    double longest = titles.stream().mapToDouble(title -> width(title, TITLE)).max().orElse(width);
    return longest <= width ? TITLE : TITLE.deriveFont((float) (TITLE.getSize() * width / longest));
  }

  /** Of words on one line, in points. */
  static double width(String words, Font font) {
    return font.getStringBounds(words, MEASURE).getWidth();
  }

  /** JFreeChart has no titles for the plots of a combined one: an axis with a label but no line. */
  static NumberAxis heading(String title, Font font) {
    var axis = new NumberAxis(title);
    axis.setLabelFont(font);
    axis.setLabelPaint(INK);
    axis.setTickLabelsVisible(false);
    axis.setTickMarksVisible(false);
    axis.setAxisLineVisible(false);
    return axis;
  }

  /** White, with grid lines across. */
  static void apply(XYPlot plot) {
    plot.setBackgroundPaint(Color.WHITE);
    plot.setOutlineVisible(false);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(0.8f));
    plot.setDomainGridlinesVisible(false);
  }

  /** A chart of this plot with the legend of {@code legend} below. */
  static JFreeChart chart(Plot plot, LegendItemSource legend) {
    var chart = new JFreeChart(null, LABEL, plot, false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(6, 6, 6, 12));
    chart.addSubtitle(legend(legend));
    chart.setTextAntiAlias(RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return chart;
  }

  private static LegendTitle legend(LegendItemSource source) {
    var legend = new LegendTitle(source);
    legend.setPosition(RectangleEdge.BOTTOM);
    legend.setItemFont(LABEL);
    legend.setItemPaint(INK);
    legend.setItemLabelPadding(new RectangleInsets(2, 4, 2, 14));
    legend.setBackgroundPaint(Color.WHITE);
    return legend;
  }

  /** A colour as Batik writes it, as one of the page's where it is one of those. */
  static String pageColour(String written) {
    if (written.equals("white")) {
      return "var(--card)";
    }
    if (written.equals("black") || written.equals(written(INK))) {
      return "var(--ink)";
    }
    return written.equals(written(GRID)) ? "var(--grid)" : SeriesStyle.pageColour(written);
  }

  static String written(Color colour) {
    return Text.of("rgb(%d,%d,%d)", colour.getRed(), colour.getGreen(), colour.getBlue());
  }

  /** A name that fits a legend. */
  static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= LONGEST_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
  }
}
