package org.bitquake.cnvlutin;

import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;

/** Simulates one layer on both machines. Not thread-safe: it keeps scratch from image to image. */
public interface LayerSimulator {
  /** Makes a simulator of a layer. */
  @FunctionalInterface
  interface Maker {
    /**
     * A simulator of one layer.
     *
     * @param input {@code [C, H, W]} that the layer reads
     * @param encoded whether Cnvlutin skips zeros there
     * @throws IllegalArgumentException if the layer is too large to be counted
     */
    LayerSimulator make(Accelerator accelerator, Shape input, Geometry geometry, boolean encoded);
  }

  /**
   * What one image takes.
   *
   * @param codes {@code [C, H, W]}, the layer's input
   */
  LayerCounts run(int[] codes);
}
