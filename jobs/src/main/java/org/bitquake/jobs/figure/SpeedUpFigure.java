package org.bitquake.jobs.figure;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * How many times faster Cnvlutin is than its baseline: a group of bars per layer, a bar per
 * network. The same bars give the same SVG, byte for byte, where the fonts are the same.
 */
public final class SpeedUpFigure {
  private static final String STEM = "cnvlutin";

  /** Name of the vector figure. */
  public static final String SVG = STEM + ".svg";

  /** Name of the raster figure, twice as large. */
  public static final String PNG = STEM + ".png";

  private SpeedUpFigure() {}

  /**
   * The figure as files, name to bytes, for whatever file system they go to.
   *
   * @param bars layers from left to right as they first appear; networks are ordered by name, so
   *     that each keeps its looks
   * @throws IllegalArgumentException if there are no bars
   */
  public static Map<String, byte[]> files(List<SpeedUp> bars) throws IOException {
    return FigureFiles.of(STEM, () -> SpeedUpChart.of(bars), SpeedUpChart.size(bars));
  }
}
