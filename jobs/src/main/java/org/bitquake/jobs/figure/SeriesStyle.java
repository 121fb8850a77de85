package org.bitquake.jobs.figure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import org.jfree.chart.LegendItem;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.xy.DeviationRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;

/**
 * How one network's line looks: a colour of Okabe and Ito's palette, told apart by people with
 * colour-blind eyes, and a marker and a dash pattern of its own, told apart in grey print.
 *
 * @param filled whether the marker is solid or an outline on white
 */
record SeriesStyle(Color colour, Shape marker, boolean filled, BasicStroke line) {
  private static final Color[] COLOURS = {
    new Color(0x00, 0x72, 0xb2),
    new Color(0xd5, 0x5e, 0x00),
    new Color(0x00, 0x9e, 0x73),
    new Color(0xcc, 0x79, 0xa7),
    new Color(0x22, 0x22, 0x22),
    new Color(0xe6, 0x9f, 0x00),
    new Color(0x56, 0xb4, 0xe9),
  };
  private static final float[][] DASHES = {null, {7, 3}, {7, 2.5f, 1.5f, 2.5f}, {2, 2.5f}};
  private static final float WIDTH = 1.8f;
  private static final BasicStroke THIN = new BasicStroke(0.7f);
  private static final BasicStroke OUTLINE = new BasicStroke(1.3f);
  private static final double R = 3.6;
  private static final Shape SWATCH = new Rectangle2D.Double(-6, -5, 12, 10);
  private static final Shape[] MARKERS = {
    new Ellipse2D.Double(-R, -R, 2 * R, 2 * R),
    new Rectangle2D.Double(-0.9 * R, -0.9 * R, 1.8 * R, 1.8 * R),
    polygon(0, -1.2, 1.15, 0.85, -1.15, 0.85),
    polygon(0, -1.35, 1.1, 0, 0, 1.35, -1.1, 0),
    polygon(0, 1.2, 1.15, -0.85, -1.15, -0.85),
  };

  /** The style of the i-th network; the first 140 are distinct. */
  static SeriesStyle of(int i) {
    float[] dash = DASHES[i % DASHES.length];
    var stroke =
        new BasicStroke(WIDTH, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, dash, 0f);
    return new SeriesStyle(
        COLOURS[i % COLOURS.length], MARKERS[i % MARKERS.length], i % 2 == 0, stroke);
  }

  /** Draws the bands of the first so many series. */
  static DeviationRenderer bands(int series) {
    var renderer = new DeviationRenderer(false, false);
    renderer.setAlpha(0.2f);
    for (int i = 0; i < series; i++) {
      of(i).applyTo(renderer, i);
    }
    return renderer;
  }

  /** Draws the lines of the first so many series, with markers or without. */
  static XYLineAndShapeRenderer lines(int series, boolean markers) {
    var renderer = new XYLineAndShapeRenderer(true, markers);
    renderer.setDrawSeriesLineAsPath(true);
    renderer.setUseFillPaint(markers);
    for (int i = 0; i < series; i++) {
      of(i).applyTo(renderer, i);
    }
    return renderer;
  }

  /** One of several lines in the same colour, beside others of the full width. */
  SeriesStyle thin() {
    return new SeriesStyle(colour, marker, filled, THIN);
  }

  /** Colours the band of a series. */
  void applyTo(DeviationRenderer renderer, int series) {
    renderer.setSeriesFillPaint(series, colour);
  }

  /** Gives a series its line and markers. */
  void applyTo(XYLineAndShapeRenderer renderer, int series) {
    renderer.setSeriesPaint(series, colour);
    renderer.setSeriesFillPaint(series, filled ? colour : Color.WHITE);
    renderer.setSeriesStroke(series, line);
    renderer.setSeriesOutlineStroke(series, OUTLINE);
    renderer.setSeriesShape(series, marker);
  }

  /** Gives a series its bars. */
  void applyTo(BarRenderer renderer, int series) {
    renderer.setSeriesPaint(series, barPaint());
    renderer.setDrawBarOutline(true);
    renderer.setSeriesOutlinePaint(series, colour);
    renderer.setSeriesOutlineStroke(series, OUTLINE);
  }

  /** Solid or pale, as markers are solid or outlines. */
  Color barPaint() {
    return filled ? colour : pale(colour);
  }

  /** {@code var(--c0)} for the first colour, {@code var(--p0)} for its pale kind, and so on. */
  static String pageColour(String written) {
    for (int i = 0; i < COLOURS.length; i++) {
      if (written.equals(Look.written(COLOURS[i]))) {
        return "var(--c" + i + ")";
      }
      if (written.equals(Look.written(pale(COLOURS[i])))) {
        return "var(--p" + i + ")";
      }
    }
    return written;
  }

  /** A piece of the line, the marker, or both. */
  Drawing swatch(boolean lined, boolean marked) {
    var size = new ChartSize(lined ? 34 : 14, 14);
    return new Drawing(
        size,
        graphics -> {
          graphics.translate(size.width() / 2, size.height() / 2);
          if (lined) {
            graphics.setStroke(line);
            graphics.setPaint(colour);
            graphics.draw(new Line2D.Double(-16, 0, 16, 0));
          }
          if (marked) {
            graphics.setPaint(filled ? colour : Color.WHITE);
            graphics.fill(marker);
            graphics.setStroke(OUTLINE);
            graphics.setPaint(colour);
            graphics.draw(marker);
          }
        });
  }

  /** A piece of a bar. */
  Drawing bar() {
    return new Drawing(
        new ChartSize(16, 14),
        graphics -> {
          graphics.translate(8, 7);
          graphics.setPaint(barPaint());
          graphics.fill(SWATCH);
          graphics.setStroke(OUTLINE);
          graphics.setPaint(colour);
          graphics.draw(SWATCH);
        });
  }

  private static Color pale(Color colour) {
    return new Color(pale(colour.getRed()), pale(colour.getGreen()), pale(colour.getBlue()));
  }

  private static int pale(int part) {
    return 255 - (255 - part) * 2 / 5;
  }

  LegendItem barLegend(String name, Font font, Color ink) {
    var item = new LegendItem(name, null, null, null, SWATCH, barPaint(), OUTLINE, colour);
    item.setLabelFont(font);
    item.setLabelPaint(ink);
    return item;
  }

  LegendItem legend(String name, Font font, Color ink) {
    var line = new Line2D.Double(-16, 0, 16, 0);
    var item =
        new LegendItem(
            name,
            null,
            null,
            null,
            true,
            marker,
            true,
            filled ? colour : Color.WHITE,
            true,
            colour,
            OUTLINE,
            true,
            line,
            this.line,
            colour);
    item.setLabelFont(font);
    item.setLabelPaint(ink);
    return item;
  }

  private static Shape polygon(double... xy) {
    var path = new Path2D.Double();
    path.moveTo(R * xy[0], R * xy[1]);
    for (int i = 2; i < xy.length; i += 2) {
      path.lineTo(R * xy[i], R * xy[i + 1]);
    }
    path.closePath();
    return path;
  }
}
