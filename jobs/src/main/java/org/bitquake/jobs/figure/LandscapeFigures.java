package org.bitquake.jobs.figure;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of loss landscapes, as files, name to bytes. */
public final class LandscapeFigures {
  private static final String LINES = "loss-lines";
  private static final String SURFACES = "loss-surfaces";
  private static final String FAULTS = "sharpness-faults";

  private LandscapeFigures() {}

  /**
   * The curves of all networks on one axis, and their surfaces on one scale of colours, as far as
   * there are points of them.
   */
  public static Map<String, byte[]> landscapes(List<LandscapePoint> points) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    var lines = LandscapePoint.ofKind(points, LandscapePoint.LINE);
    if (!lines.isEmpty()) {
      files.putAll(FigureFiles.of(LINES, () -> CurveChart.of(lines), CurveChart.SIZE));
    }
    var surface = LandscapePoint.ofKind(points, LandscapePoint.SURFACE);
    if (!surface.isEmpty()) {
      var size = SurfaceChart.size(surface);
      files.putAll(FigureFiles.of(SURFACES, () -> SurfaceChart.of(surface), size));
    }
    return files;
  }

  /**
   * Accuracy lost under faults against sharpness, a panel per fault kind, a point per network.
   *
   * @param points at least one
   * @param sharpness what the horizontal axis shows
   */
  public static Map<String, byte[]> faults(List<FaultScatter> points, String sharpness)
      throws IOException {
    return FigureFiles.of(
        FAULTS, () -> ScatterChart.of(points, sharpness), ScatterChart.size(points));
  }
}
