package org.bitquake.jobs.figure;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bitquake.Text;
import org.jfree.chart.JFreeChart;

/**
 * A drawn panel of a page.
 *
 * @param title its heading; empty if it needs none
 * @param markup an {@code <svg>} element
 * @param drawing the same for files; empty where {@link LandscapeFigures} draws these
 */
public record Panel(String title, String markup, Optional<Drawing> drawing) {
  private Panel(String title, String markup) {
    this(title, markup, Optional.empty());
  }

  /** Numbers against numbers. */
  public static Panel of(String title, XyPanel panel) {
    var chart = new XyPanelChart(panel);
    return of(title, panel.title(), XyPanelChart.SIZE, chart::chart);
  }

  /** Bars. */
  public static Panel of(String title, BarPanel panel) {
    var chart = new BarPanelChart(panel);
    return of(title, panel.title(), chart.size(), chart::chart);
  }

  /** A map of shares. */
  public static Panel of(String title, HeatPanel panel) {
    var chart = new HeatPanelChart(panel);
    return of(title, panel.title(), chart.size(), chart::chart);
  }

  /** An array of a memory. */
  public static Panel of(String title, ArrayPanel panel) {
    var drawing = panel.drawing();
    var graphics = FigureFiles.canvas(drawing.size());
    drawing.painter().accept(graphics);
    return new Panel(
        title, InlineSvg.of(graphics, drawing.size(), panel.title()), Optional.of(drawing));
  }

  private static Panel of(String title, String says, ChartSize size, Supplier<JFreeChart> chart) {
    return new Panel(
        title,
        InlineSvg.of(chart.get(), size, says),
        Optional.of(new Drawing(size, graphics -> chart.get().draw(graphics, size.rectangle()))));
  }

  /** The surfaces of all networks, on one scale of colours. */
  public static List<Panel> surfaces(List<LandscapePoint> points) {
    var scale = SurfaceChart.scale(points);
    List<Panel> panels = new ArrayList<>();
    for (String network : LandscapePoint.networks(points)) {
      var its = points.stream().filter(p -> p.network().equals(network)).toList();
      panels.add(new Panel(network, SurfacePanel.markup(its, scale)));
    }
    return panels;
  }

  /** Names of the bands of losses of {@link #surfaces}, and a square of each one's colour. */
  public static List<Panel> bands(List<LandscapePoint> points) {
    var scale = SurfaceChart.scale(points);
    List<Panel> bands = new ArrayList<>();
    for (int band = 0; band < scale.bands(); band++) {
      Color colour = scale.colour(band);
      String square =
          "<svg aria-hidden=\"true\" width=\"14\" height=\"14\"><rect width=\"14\" height=\"14\""
              + Text.of(" fill=\"#%06x\"/></svg>", colour.getRGB() & 0xffffff);
      bands.add(new Panel(scale.label(band), square));
    }
    return bands;
  }

  /** The line and marker of a series, for legends. */
  public static Panel swatch(String name, int style) {
    return swatch(name, SeriesStyle.of(style).swatch(true, true));
  }

  /** The line of a series alone, for legends. */
  public static Panel line(String name, int style) {
    return swatch(name, SeriesStyle.of(style).swatch(true, false));
  }

  /** The marker of a series alone, for legends. */
  public static Panel marker(String name, int style) {
    return swatch(name, SeriesStyle.of(style).swatch(false, true));
  }

  /** A piece of the bars of a series, for legends. */
  public static Panel bar(String name, int style) {
    return swatch(name, SeriesStyle.of(style).bar());
  }

  static Panel swatch(String name, Drawing drawing) {
    var graphics = FigureFiles.canvas(drawing.size());
    drawing.painter().accept(graphics);
    return new Panel(name, InlineSvg.decoration(graphics), Optional.of(drawing));
  }

  /** The markup with identifiers of its own. */
  public String markup(String unique) {
    return markup.replace(InlineSvg.ID, unique);
  }
}
