package org.bitquake.landscape;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.lanes.LaneLayout;
import org.bitquake.lanes.Windows;
import org.bitquake.network.Convolution;

/**
 * Values of a block of {@link LaneKernels#BLOCK} images, see {@link LaneLayout}. The padding holds
 * zeros.
 */
final class LaneTensor {
  final Shape shape;
  final int pad;
  final LaneLayout layout;
  final float[] data;

  /**
   * @param pad zeros on all four sides
   */
  LaneTensor(Shape shape, int pad) {
    this.shape = shape;
    this.pad = pad;
    layout = new LaneLayout(shape, pad, LaneKernels.BLOCK, 0);
    data = new float[Math.toIntExact(layout.length())];
  }

  /** Where the taps of a layer that reads this read. */
  Windows<float[]> windows(Convolution layer) {
    return new Windows<>(layer, data, layout, float[]::new);
  }

  /** Where position (c, y, x) starts; y and x may lie in the padding. */
  int at(int c, int y, int x) {
    return layout.at(c, y, x);
  }

  void clear() {
    Arrays.fill(data, 0);
  }
}
