package org.bitquake.engine.vector;

import java.util.Arrays;
import org.bitquake.data.Shape;

/**
 * Codes of a block of images, {@code [C][pad + H + pad][pad + W + pad][n]}: the images are the
 * innermost axis, so that a row of positions is one run of lanes, and a tap of a convolution is
 * that run shifted by whole positions. The padding holds zeros.
 *
 * <p>Behind each channel, and behind the last, lie lanes for the vector loops to overrun into.
 */
final class Tensor {
  final Shape shape;
  final int pad;
  final short[] data;
  private int n;

  /**
   * @param pad zeros on all four sides
   * @param block most images at a time
   */
  Tensor(Shape shape, int pad, int block) {
    this.shape = shape;
    this.pad = pad;
    long positions = (long) (shape.height() + 2 * pad) * (shape.width() + 2 * pad);
    long length = shape.channels() * (positions * block + Lanes.WIDTH) + 2L * Lanes.CHUNK;
    data = new short[Math.toIntExact(length)];
  }

  /**
   * Arranges the tensor for {@code images} images; what it held is lost if that is another number.
   */
  void images(int images) {
    if (n != images) {
      n = images;
      Arrays.fill(data, (short) 0);
    }
  }

  /** Lanes from a row to the next. */
  int rowStride() {
    return (shape.width() + 2 * pad) * n;
  }

  /** Lanes from a channel to the next. */
  int channelStride() {
    return (shape.height() + 2 * pad) * rowStride() + Lanes.WIDTH;
  }

  /** Where position (c, y, x) starts; y and x may lie in the padding. */
  int at(int c, int y, int x) {
    return c * channelStride() + (y + pad) * rowStride() + (x + pad) * n;
  }

  /**
   * Zeros what the vector loops wrote behind row y of a channel. Rows must be written from the top
   * down: what lies behind without padding is a later row.
   */
  void endRow(int c, int y) {
    if (pad > 0) {
      int end = at(c, y, shape.width());
      Arrays.fill(data, end, end + Lanes.WIDTH, (short) 0);
    }
  }
}
