package org.bitquake.landscape;

import java.util.Arrays;
import org.bitquake.data.Shape;

/**
 * Values of a block of images, {@code [C][pad + H + pad][pad + W + pad][n]} with n = {@link
 * LaneKernels#BLOCK}: the images are the innermost axis, so that a row of positions is one run of
 * lanes, and a tap of a convolution is that run shifted by whole positions. The padding holds
 * zeros.
 */
final class LaneTensor {
  final Shape shape;
  final int pad;
  final float[] data;

  /**
   * @param pad zeros on all four sides
   */
  LaneTensor(Shape shape, int pad) {
    this.shape = shape;
    this.pad = pad;
    data = new float[Math.multiplyExact(shape.channels(), channelStride())];
  }

  /** Lanes from a row to the next. */
  int rowStride() {
    return (shape.width() + 2 * pad) * LaneKernels.BLOCK;
  }

  /** Lanes from a channel to the next. */
  int channelStride() {
    return Math.multiplyExact(shape.height() + 2 * pad, rowStride());
  }

  /** Where position (c, y, x) starts; y and x may lie in the padding. */
  int at(int c, int y, int x) {
    return c * channelStride() + (y + pad) * rowStride() + (x + pad) * LaneKernels.BLOCK;
  }

  void clear() {
    Arrays.fill(data, 0);
  }
}
