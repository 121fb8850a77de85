package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.Text;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;

/** A layer with weights, for whatever weight codes are loaded. Weights of code 0 cost nothing. */
final class ConvolutionRunner implements LayerRunner {
  private final Convolution layer;
  private final Columns columns;
  private final Rows out;
  private final Rows residual;
  private final float ratio;
  private final int residualZero;
  private final int[] sum;
  private final int outHeight;
  private final int outWidth;
  private final int taps;

  /** Taps of an output channel, rounded up to whole kernels: the room for its list. */
  private final int slots;

  /** Where tap t of any output channel reads, relative to its group and output row. */
  private final int[] tapOffsets;

  /** The non-zero weights of each output channel, {@code [outC][slots]}, and where they read. */
  private final short[] weights;

  private final int[] offsets;
  private final int[] used;

  /**
   * @param in the tensor read
   * @param zero its code of 0
   * @param residual the second operand, or null without one
   * @param residualZero its code of 0
   * @param out the tensor written; null for a layer that gives logits
   */
  ConvolutionRunner(
      Convolution layer, Rows in, int zero, Rows residual, int residualZero, Rows out, int block) {
    this.layer = layer;
    this.out = out;
    this.residual = residual;
    this.residualZero = residualZero;
    this.ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    this.outHeight = layer.outputShape().height();
    this.outWidth = layer.outputShape().width();
    this.sum = new int[outWidth * block];
    var g = layer.geometry();
    this.columns = new Columns(in, g.window(), zero, block);
    this.taps = Math.toIntExact(g.taps(in.shape));
    this.slots = wholeKernels(taps);
    this.tapOffsets = new int[taps];
    int kernel = g.window().taps();
    for (int t = 0; t < taps; t++) {
      int ky = t % kernel / g.kernelWidth();
      tapOffsets[t] =
          t / kernel * columns.channelStride() + columns.tap(ky, t % g.kernelWidth(), 0);
    }
    this.weights = new short[Math.multiplyExact(g.outChannels(), slots)];
    this.offsets = new int[weights.length];
    this.used = new int[g.outChannels()];
  }

  static int wholeKernels(int taps) {
    return (taps + Kernels.TAPS - 1) / Kernels.TAPS * Kernels.TAPS;
  }

  /** Keeps the non-zero weights; each channel's list is filled up with zeros to whole kernels. */
  void load(byte[] codes) {
    check(codes);
    int gain = layer.weights().gain();
    for (int o = 0; o < used.length; o++) {
      int offset = layer.weights().offset(o);
      int from = o * slots;
      int to = from;
      for (int t = 0; t < taps; t++) {
        int weight = gain * codes[o * taps + t] + offset;
        if (weight != 0) {
          weights[to] = (short) weight;
          offsets[to++] = tapOffsets[t];
        }
      }
      used[o] = wholeKernels(Math.max(1, to - from));
      Arrays.fill(weights, to, from + used[o], (short) 0);
      Arrays.fill(offsets, to, from + used[o], 0);
    }
  }

  private void check(byte[] codes) {
    int low = -(1 << (layer.weights().bits() - 1));
    int least = 0;
    int most = 0;
    for (byte code : codes) {
      least = Math.min(least, code);
      most = Math.max(most, code);
    }
    if (codes.length != used.length * taps || least < low || most >= -low) {
      throw new IllegalArgumentException(
          Text.of(
              "layer %s needs %d codes in %d…%d; got %d in %d…%d",
              layer.name(), used.length * taps, low, -low - 1, codes.length, least, most));
    }
  }

  @Override
  public void run(int n) {
    columns.fill(n);
    var codes = layer.activation().orElseThrow();
    for (int y = 0; y < outHeight; y++) {
      for (int o = 0; o < used.length; o++) {
        accumulate(o, y, outWidth * n);
        requantise(o, y, outWidth * n, codes);
      }
    }
  }

  private void accumulate(int o, int y, int length) {
    var g = layer.geometry();
    int group = o / (used.length / g.groups());
    int firstChannel = group * (layer.inputShape().channels() / g.groups());
    int base = firstChannel * columns.channelStride() + columns.tap(0, 0, y);
    int[][] p = columns.arrays;
    short[] w = weights;
    int[] at = offsets;
    int t = o * slots;
    int end = t + used[o];
    Kernels.setTaps(
        sum,
        length,
        w[t],
        p[base + at[t]],
        w[t + 1],
        p[base + at[t + 1]],
        w[t + 2],
        p[base + at[t + 2]],
        w[t + 3],
        p[base + at[t + 3]]);
    for (t += Kernels.TAPS; t < end; t += Kernels.TAPS) {
      Kernels.addTaps(
          sum,
          length,
          w[t],
          p[base + at[t]],
          w[t + 1],
          p[base + at[t + 1]],
          w[t + 2],
          p[base + at[t + 2]],
          w[t + 3],
          p[base + at[t + 3]]);
    }
  }

  private void requantise(int o, int y, int length, Activation codes) {
    int[] to = out.rows[o * outHeight + y];
    float bias = layer.bias()[o];
    float scale = layer.scale()[o];
    int zero = codes.zero();
    int max = codes.maxCode();
    if (residual == null) {
      Kernels.requantise(sum, length, bias, scale, zero, max, to);
    } else {
      int[] second = residual.rows[o * outHeight + y];
      Kernels.requantise(sum, length, bias, scale, ratio, second, residualZero, zero, max, to);
    }
  }

  /** The last layer: {@code logits[from + i·classes + c] = (acc + bias[c]) · scale[c]}. */
  void logits(int n, float[] logits, int from) {
    columns.fill(n);
    for (int o = 0; o < used.length; o++) {
      accumulate(o, 0, n);
      float bias = layer.bias()[o];
      float scale = layer.scale()[o];
      for (int i = 0; i < n; i++) {
        logits[from + i * used.length + o] = ((float) sum[i] + bias) * scale;
      }
    }
  }
}
