package org.bitquake.lanes;

import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * Where the values of a block of images lie, {@code [C][pad + H + pad][pad + W + pad][images]}: the
 * images are the innermost axis, so that a row of positions is one run of lanes, and a tap of a
 * convolution is that run shifted by whole positions.
 */
public final class LaneLayout {
  private final Shape shape;
  private final int pad;
  private final int images;
  private final int rowStride;
  private final int channelStride;

  /**
   * @param pad positions on all four sides
   * @param gap lanes left free behind each channel
   * @throws ArithmeticException if a channel is too large for an array
   */
  public LaneLayout(Shape shape, int pad, int images, int gap) {
    this.shape = shape;
    this.pad = pad;
    this.images = images;
    this.rowStride = Math.multiplyExact(shape.width() + 2 * pad, images);
    this.channelStride =
        Math.addExact(Math.multiplyExact(shape.height() + 2 * pad, rowStride), gap);
  }

  /** The widest padding that a reader of the tensor at this position of a network asks for. */
  public static int padding(QuantizedNetwork network, int position) {
    return network.layers().stream()
        .filter(layer -> layer.input() == position)
        .mapToInt(layer -> layer instanceof Convolution c ? c.geometry().padding() : 0)
        .max()
        .orElse(0);
  }

  /** Lanes of a position. */
  public int images() {
    return images;
  }

  /** Lanes from a row to the next. */
  public int rowStride() {
    return rowStride;
  }

  /** Lanes from a channel to the next. */
  public int channelStride() {
    return channelStride;
  }

  /** Lanes of all channels. */
  public long length() {
    return (long) shape.channels() * channelStride;
  }

  /** Where position (c, y, x) starts; y and x may lie in the padding. */
  public int at(int c, int y, int x) {
    return c * channelStride + (y + pad) * rowStride + (x + pad) * images;
  }
}
