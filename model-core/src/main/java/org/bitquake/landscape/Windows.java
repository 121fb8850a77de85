package org.bitquake.landscape;

import org.bitquake.network.Convolution;

/**
 * Where the taps of a convolution read. With stride 1 that is the input tensor itself. With a wider
 * stride s it is a copy of the padded input with the columns dealt into s phases, so that the
 * positions a tap reads are one run of lanes again.
 */
final class Windows {
  private final LaneTensor in;
  private final int kernelHeight;
  private final int kernelWidth;
  private final int stride;
  private final int padding;
  private final int channels;
  private final int height;
  private final int width;
  private final int phaseWidth;
  private final float[] data;
  private final int[] offsets;

  /**
   * @param in padded at least as the layer asks
   */
  Windows(Convolution layer, LaneTensor in) {
    var g = layer.geometry();
    this.in = in;
    this.kernelHeight = g.kernelHeight();
    this.kernelWidth = g.kernelWidth();
    this.stride = g.stride();
    this.padding = g.padding();
    this.channels = in.shape.channels() / g.groups();
    this.height = in.shape.height() + 2 * padding;
    this.width = in.shape.width() + 2 * padding;
    this.phaseWidth = (width + stride - 1) / stride;
    this.data =
        stride == 1 ? in.data : new float[Math.multiplyExact(in.shape.channels(), channelStride())];
    this.offsets = new int[channels * kernelHeight * kernelWidth];
    for (int t = 0; t < offsets.length; t++) {
      int kx = t % kernelWidth;
      int ky = t / kernelWidth % kernelHeight;
      int c = t / kernelWidth / kernelHeight;
      int column = kx % stride * phaseWidth + kx / stride;
      offsets[t] = c * channelStride() + ky * rowStride() + column * LaneKernels.BLOCK;
    }
  }

  /** The lanes that {@link #offsets} and {@link #start} count in. */
  float[] data() {
    return data;
  }

  /** Where each tap {@code (c·kH + ky)·kW + kx} of a group reads, from {@link #start}. */
  int[] offsets() {
    return offsets;
  }

  /** Where the windows of an output row of a group start. */
  int start(int group, int y) {
    int channel = group * channels;
    return stride == 1
        ? in.at(channel, y - padding, -padding)
        : channel * channelStride() + y * stride * rowStride();
  }

  private int rowStride() {
    return stride == 1 ? in.rowStride() : stride * phaseWidth * LaneKernels.BLOCK;
  }

  private int channelStride() {
    return stride == 1 ? in.channelStride() : Math.multiplyExact(height, rowStride());
  }

  /** Takes the input's current values. */
  void fill() {
    if (stride == 1) {
      return;
    }
    for (int c = 0; c < in.shape.channels(); c++) {
      for (int y = 0; y < height; y++) {
        int row = c * channelStride() + y * rowStride();
        for (int x = 0; x < width; x++) {
          int to = row + (x % stride * phaseWidth + x / stride) * LaneKernels.BLOCK;
          int from = in.at(c, y - padding, x - padding);
          System.arraycopy(in.data, from, data, to, LaneKernels.BLOCK);
        }
      }
    }
  }
}
