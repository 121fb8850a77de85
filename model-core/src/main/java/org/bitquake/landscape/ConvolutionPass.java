package org.bitquake.landscape;

import org.bitquake.lanes.Windows;
import org.bitquake.network.Convolution;

/** A layer with weights that need not be codes. */
final class ConvolutionPass implements LayerPass {
  /** Floats hold all integers up to here. */
  private static final int EXACT = 1 << 24;

  final Convolution layer;
  final Windows<float[]> windows;
  final Correlation correlation;
  final LaneTensor residual;
  private final LaneKernels kernels;
  private final LaneTensor out;
  private final float ratio;
  private final int lanes;
  private final float[] sums;
  private final float[] row;
  private final boolean wide;
  private float[] kept;

  /**
   * @param maxIn largest input code
   * @param residual second operand, or null
   * @param out codes, or the logits
   */
  ConvolutionPass(
      LaneKernels kernels,
      Convolution layer,
      int maxIn,
      LaneTensor in,
      LaneTensor residual,
      LaneTensor out) {
    this.kernels = kernels;
    this.layer = layer;
    this.residual = residual;
    this.ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    this.out = out;
    this.windows = in.windows(layer);
    this.lanes = out.shape.width() * LaneKernels.BLOCK;
    this.correlation = newWeights();
    this.sums = new float[correlation.rowLength(lanes)];
    this.row = new float[lanes];
    this.wide = largestSum(layer) * maxIn > EXACT;
  }

  /** Room for weights of this layer. */
  Correlation newWeights() {
    int groups = layer.geometry().groups();
    int perGroup = layer.geometry().outChannels() / groups;
    return new Correlation(kernels, groups, perGroup, windows.offsets().length);
  }

  /** The largest Σ|w| of an output: beyond 2^24 in all, sums of codes need more than a float. */
  private static long largestSum(Convolution layer) {
    int[] weights = layer.integerWeights();
    int taps = weights.length / layer.geometry().outChannels();
    long largest = 0;
    for (int from = 0; from < weights.length; from += taps) {
      long sum = 0;
      for (int t = from; t < from + taps; t++) {
        sum += Math.abs(weights[t]);
      }
      largest = Math.max(largest, sum);
    }
    return largest;
  }

  /** Pre-activations {@code [outC][H][W][n]} from now on; the derivatives need them. */
  float[] keepPreActivations() {
    if (kept == null) {
      kept = new float[Math.multiplyExact(layer.outputShape().size(), LaneKernels.BLOCK)];
    }
    return kept;
  }

  @Override
  public void forward() {
    windows.fill();
    for (int y = 0; y < out.shape.height(); y++) {
      int line = y;
      Correlation.Start start = group -> windows.start(group, line);
      if (wide) {
        correlation.rowInDouble(windows.data(), start, windows.offsets(), lanes, sums);
      } else {
        correlation.row(windows.data(), start, windows.offsets(), lanes, sums);
      }
      for (int o = 0; o < out.shape.channels(); o++) {
        finish(o, y);
      }
    }
  }

  private void finish(int o, int y) {
    int to = out.at(o, y, 0);
    int from = correlation.place(o, lanes);
    if (layer.activation().isEmpty()) {
      kernels.affine(sums, from, lanes, layer.bias()[o], layer.scale()[o], out.data, to);
      return;
    }
    float[] v = kept == null ? row : kept;
    int at = kept == null ? 0 : (o * out.shape.height() + y) * lanes;
    kernels.affine(sums, from, lanes, layer.bias()[o], layer.scale()[o], v, at);
    if (residual != null) {
      kernels.addScaled(ratio, residual.data, residual.at(o, y, 0), lanes, v, at);
    }
    kernels.round(v, at, lanes, layer.activation().get().maxCode(), out.data, to);
  }
}
