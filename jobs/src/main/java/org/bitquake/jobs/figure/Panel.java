package org.bitquake.jobs.figure;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * A drawn panel of a page.
 *
 * @param title its heading; empty if it needs none
 * @param markup an {@code <svg>} element
 */
public record Panel(String title, String markup) {

  /** Numbers against numbers. */
  public static Panel of(String title, XyPanel panel) {
    var chart = new XyPanelChart(panel).chart();
    return new Panel(title, InlineSvg.of(chart, XyPanelChart.SIZE, panel.title()));
  }

  /** Bars. */
  public static Panel of(String title, BarPanel panel) {
    var chart = new BarPanelChart(panel);
    return new Panel(title, InlineSvg.of(chart.chart(), chart.size(), panel.title()));
  }

  /** A map of shares. */
  public static Panel of(String title, HeatPanel panel) {
    var chart = new HeatPanelChart(panel);
    return new Panel(title, InlineSvg.of(chart.chart(), chart.size(), panel.title()));
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
              + " fill=\"#%06x\"/></svg>".formatted(colour.getRGB() & 0xffffff);
      bands.add(new Panel(scale.label(band), square));
    }
    return bands;
  }

  /** The line and marker of a series, for legends. */
  public static String swatch(int style) {
    return SeriesStyle.of(style).swatch();
  }

  /** The markup with identifiers of its own. */
  public String markup(String unique) {
    return markup.replace(InlineSvg.ID, unique);
  }
}
