package org.bitquake.jobs.figure;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Accuracy against fault rate: one panel per fault kind, one line per network, its confidence
 * interval shaded. The same points give the same SVG, byte for byte, where the fonts are the same.
 */
public final class AccuracyFigure {
  private static final String STEM = "accuracy";

  /** Name of the vector figure. */
  public static final String SVG = STEM + ".svg";

  /** Name of the raster figure, twice as large. */
  public static final String PNG = STEM + ".png";

  private AccuracyFigure() {}

  /**
   * The figure as files, name to bytes, for whatever file system they go to.
   *
   * @param points in any order; networks are listed by name, so that each keeps its looks
   * @param models fault models in the order of their panels; none for the paper's kinds, in its
   *     order
   * @throws IllegalArgumentException if there are no points
   */
  public static Map<String, byte[]> files(List<CellPoint> points, List<String> models)
      throws IOException {
    return FigureFiles.of(STEM, () -> AccuracyChart.of(points, models), AccuracyChart.size(points));
  }
}
