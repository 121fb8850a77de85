package org.bitquake.landscape;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;

/**
 * The transpose of a convolution: from the gradient of its sums to that of its input. A convolution
 * of the gradient, spread by the stride and padded with zeros, with the kernel turned around.
 */
final class InputGradient {
  private final Convolution layer;
  private final Shape in;
  private final boolean dense;
  private final int kernelHeight;
  private final int kernelWidth;
  private final LaneKernels kernels;
  private final LaneTensor spread;
  private final int[] offsets;
  private final int lanes;
  private final float[] sums;
  private float[] gradient;

  InputGradient(LaneKernels kernels, Convolution layer) {
    var g = layer.geometry();
    this.kernels = kernels;
    this.layer = layer;
    this.in = layer.inputShape();
    this.dense = layer.isDense();
    this.kernelHeight = g.kernelHeight();
    this.kernelWidth = g.kernelWidth();
    int outChannels = g.outChannels();
    if (dense) {
      spread = null;
      lanes = LaneKernels.BLOCK;
      offsets = new int[outChannels];
      Arrays.setAll(offsets, o -> o * LaneKernels.BLOCK);
    } else {
      var shape =
          new Shape(outChannels, in.height() + kernelHeight - 1, in.width() + kernelWidth - 1);
      spread = new LaneTensor(shape, 0);
      lanes = in.width() * LaneKernels.BLOCK;
      offsets = new int[outChannels / g.groups() * kernelHeight * kernelWidth];
      Arrays.setAll(
          offsets,
          t ->
              spread.at(
                  t / kernelWidth / kernelHeight, t / kernelWidth % kernelHeight, t % kernelWidth));
    }
    sums = new float[correlation().rowLength(lanes)];
  }

  /** Room for the turned weights. */
  private Correlation correlation() {
    int groups = layer.geometry().groups();
    return dense
        ? new Correlation(kernels, 1, in.size(), offsets.length)
        : new Correlation(kernels, groups, in.channels() / groups, offsets.length);
  }

  /** The transpose's weights: a place to {@link #turn} them to. */
  Correlation newWeights() {
    return correlation();
  }

  /**
   * Turns the weights around.
   *
   * @param weights {@code [outC, inC / groups, kH, kW]}
   */
  void turn(float[] weights, Correlation to) {
    int outputs = layer.geometry().outChannels() / layer.geometry().groups();
    int channels = in.channels() / layer.geometry().groups();
    int kernel = kernelHeight * kernelWidth;
    for (int i = 0; i < weights.length; i++) {
      int k = i % kernel;
      int c = i / kernel % channels;
      int o = i / kernel / channels;
      if (dense) {
        to.set(c * kernel + k, o, weights[i]);
      } else {
        to.set(o / outputs * channels + c, (o % outputs + 1) * kernel - 1 - k, weights[i]);
      }
    }
  }

  /** Uses this gradient of the sums, {@code [outC][H][W][n]}, from now on. */
  void take(float[] g) {
    gradient = g;
    if (dense) {
      return;
    }
    Shape out = layer.outputShape();
    int stride = layer.geometry().stride();
    int top = kernelHeight - 1 - layer.geometry().padding();
    int left = kernelWidth - 1 - layer.geometry().padding();
    for (int i = 0; i < out.size(); i++) {
      int x = i % out.width() * stride + left;
      int y = i / out.width() % out.height() * stride + top;
      if (x >= 0 && y >= 0 && x < spread.shape.width() && y < spread.shape.height()) {
        int to = spread.at(i / out.width() / out.height(), y, x);
        System.arraycopy(g, i * LaneKernels.BLOCK, spread.data, to, LaneKernels.BLOCK);
      }
    }
  }

  /** Adds the gradient of the input to {@code to}. */
  void add(Correlation turned, LaneTensor to) {
    if (dense) {
      turned.row(gradient, group -> 0, offsets, lanes, sums);
      for (int t = 0; t < in.size(); t++) {
        int at =
            to.at(t / kernelWidth / kernelHeight, t / kernelWidth % kernelHeight, t % kernelWidth);
        kernels.add(sums, turned.place(t, lanes), lanes, to.data, at);
      }
      return;
    }
    int outputs = layer.geometry().outChannels() / layer.geometry().groups();
    for (int y = 0; y < in.height(); y++) {
      int line = y;
      turned.row(spread.data, group -> spread.at(group * outputs, line, 0), offsets, lanes, sums);
      for (int c = 0; c < in.channels(); c++) {
        kernels.add(sums, turned.place(c, lanes), lanes, to.data, to.at(c, y, 0));
      }
    }
  }
}
