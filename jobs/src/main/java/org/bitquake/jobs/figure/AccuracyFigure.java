package org.bitquake.jobs.figure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

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
   * @throws IllegalArgumentException if there are no points
   */
  public static Map<String, byte[]> files(List<CellPoint> points) throws IOException {
    return FigureFiles.of(STEM, () -> AccuracyChart.of(points), AccuracyChart.size(points));
  }

  /**
   * Writes {@link #SVG} and {@link #PNG} into a local directory, made if missing. Each appears
   * whole or not at all.
   */
  public static void write(List<CellPoint> points, Path directory) throws IOException {
    FigureFiles.write(files(points), directory);
  }

  /**
   * Writes {@link #SVG} and {@link #PNG} into a directory of any Hadoop file system, made if
   * missing. Each appears whole or not at all.
   */
  public static void write(
      List<CellPoint> points, org.apache.hadoop.fs.Path directory, Configuration hadoop)
      throws IOException {
    FigureFiles.write(files(points), directory, hadoop);
  }
}
