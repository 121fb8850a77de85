package org.bitquake.lanes;

import java.util.function.IntFunction;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.Geometry;

/**
 * Where the taps of a convolution read. With stride 1 that is the input tensor itself. With a wider
 * stride s it is a copy of the padded input with the columns dealt into s phases, so that the
 * positions a tap reads are one run of lanes again.
 *
 * @param <T> an array of primitives: the lanes
 */
public final class Windows<T> {
  private final Geometry geometry;
  private final int inChannels;
  private final int channels;
  private final int height;
  private final int width;
  private final int phaseWidth;
  private final T in;
  private final T data;
  private final int[] offsets;
  private LaneLayout layout;
  private int rowStride;
  private int channelStride;

  /**
   * @param in what the layer reads
   * @param layout of the input, for the most images there will be; padded at least as the layer
   *     asks
   * @param array makes room for so many lanes
   * @throws ArithmeticException if a copy is too large for an array
   */
  public Windows(Convolution layer, T in, LaneLayout layout, IntFunction<T> array) {
    Shape shape = layer.inputShape();
    this.geometry = layer.geometry();
    this.inChannels = shape.channels();
    this.channels = inChannels / geometry.groups();
    this.height = shape.height() + 2 * geometry.padding();
    this.width = shape.width() + 2 * geometry.padding();
    this.phaseWidth = (width + geometry.stride() - 1) / geometry.stride();
    this.in = in;
    this.offsets = new int[channels * geometry.kernelHeight() * geometry.kernelWidth()];
    arrange(layout);
    this.data = copies() ? array.apply(Math.multiplyExact(inChannels, channelStride)) : in;
  }

  private boolean copies() {
    return geometry.stride() > 1;
  }

  private void arrange(LaneLayout next) {
    layout = next;
    rowStride =
        copies()
            ? Math.multiplyExact(geometry.stride() * phaseWidth, next.images())
            : next.rowStride();
    channelStride = copies() ? Math.multiplyExact(height, rowStride) : next.channelStride();
    for (int t = 0; t < offsets.length; t++) {
      int kx = t % geometry.kernelWidth();
      int ky = t / geometry.kernelWidth() % geometry.kernelHeight();
      int c = t / geometry.kernelWidth() / geometry.kernelHeight();
      offsets[t] = c * channelStride + ky * rowStride + column(kx) * next.images();
    }
  }

  /** Where a column of the padded input stands in a row. */
  private int column(int x) {
    return x % geometry.stride() * phaseWidth + x / geometry.stride();
  }

  /** The lanes that {@link #offsets} and {@link #start} count in. */
  public T data() {
    return data;
  }

  /** Where each tap {@code (c·kH + ky)·kW + kx} of a group reads, from {@link #start}. */
  public int[] offsets() {
    return offsets;
  }

  /** Where the windows of an output row of a group start. */
  public int start(int group, int y) {
    int channel = group * channels;
    return copies()
        ? channel * channelStride + y * geometry.stride() * rowStride
        : layout.at(channel, y - geometry.padding(), -geometry.padding());
  }

  /** Takes the input's current values, which lie so from now on. */
  public void fill(LaneLayout now) {
    if (now != layout) {
      arrange(now);
    }
    fill();
  }

  /** Takes the input's current values. */
  public void fill() {
    if (copies()) {
      for (int c = 0; c < inChannels; c++) {
        for (int y = 0; y < height; y++) {
          if (y % geometry.stride() < geometry.kernelHeight()) {
            deal(c, y);
          }
        }
      }
    }
  }

  private void deal(int c, int y) {
    int images = layout.images();
    int row = c * channelStride + y * rowStride;
    for (int x = 0; x < width; x++) {
      if (x % geometry.stride() < geometry.kernelWidth()) {
        int from = layout.at(c, y - geometry.padding(), x - geometry.padding());
        System.arraycopy(in, from, data, row + column(x) * images, images);
      }
    }
  }
}
