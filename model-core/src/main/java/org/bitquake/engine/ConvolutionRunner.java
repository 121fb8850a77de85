package org.bitquake.engine;

import java.util.Arrays;
import java.util.Locale;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;

/** A layer with weights, for whatever weight codes are loaded. Weights of code 0 cost nothing. */
final class ConvolutionRunner implements LayerRunner {
  private final Convolution layer;
  private final int[][] view;
  private final int viewWidth;
  private final Planes out;
  private final int[][] residual;
  private final float ratio;
  private final int[] sum;
  private final int taps;
  private final int slots;

  /** Where weight {@code t} of any output channel reads, relative to its group and window. */
  private final int[] tapOffsets;

  /** The non-zero weights of each output channel, {@code [outC][slots]}, and where they read. */
  private final byte[] weights;

  private final int[] offsets;
  private final int[] used;

  /**
   * @param in the planes read
   * @param zeros a plane of zeros, for the padding
   * @param residual the planes of the second operand, or null without one
   * @param out the planes written; null for the layer that gives logits
   */
  ConvolutionRunner(Convolution layer, Planes in, int[] zeros, Planes residual, Planes out) {
    this.layer = layer;
    this.out = out;
    this.residual = residual == null ? null : residual.codes;
    this.ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    this.sum = new int[zeros.length];
    var g = layer.geometry();
    this.view = in.padded(g.padding(), zeros);
    this.viewWidth = in.shape.width() + 2 * g.padding();
    this.taps = Math.toIntExact(g.taps(in.shape));
    this.slots = (taps + Kernels.TAPS - 1) / Kernels.TAPS * Kernels.TAPS;
    this.tapOffsets = new int[taps];
    int viewHeight = in.shape.height() + 2 * g.padding();
    for (int t = 0; t < taps; t++) {
      int kx = t % g.kernelWidth();
      int ky = t / g.kernelWidth() % g.kernelHeight();
      int c = t / (g.kernelWidth() * g.kernelHeight());
      tapOffsets[t] = (c * viewHeight + ky) * viewWidth + kx;
    }
    this.weights = new byte[Math.multiplyExact(g.outChannels(), slots)];
    this.offsets = new int[weights.length];
    this.used = new int[g.outChannels()];
  }

  /** Keeps the non-zero weights; each channel's list is filled up with zeros to whole kernels. */
  void load(byte[] codes) {
    check(codes);
    for (int o = 0; o < used.length; o++) {
      int from = o * slots;
      int to = from;
      for (int t = 0; t < taps; t++) {
        byte code = codes[o * taps + t];
        if (code != 0) {
          weights[to] = code;
          offsets[to++] = tapOffsets[t];
        }
      }
      used[o] = (to - from + Kernels.TAPS - 1) / Kernels.TAPS * Kernels.TAPS;
      Arrays.fill(weights, to, from + used[o], (byte) 0);
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
          String.format(
              Locale.ROOT,
              "layer %s needs %d codes in %d…%d; got %d in %d…%d",
              layer.name(),
              used.length * taps,
              low,
              -low - 1,
              codes.length,
              least,
              most));
    }
  }

  @Override
  public void run(int lanes) {
    Shape to = layer.outputShape();
    int stride = layer.geometry().stride();
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        window((y * viewWidth + x) * stride, y * to.width() + x, lanes);
      }
    }
  }

  private void window(int origin, int position, int lanes) {
    Shape to = layer.outputShape();
    for (int o = 0; o < used.length; o++) {
      accumulate(o, origin, lanes);
      requantise(o, o * to.height() * to.width() + position, lanes);
    }
  }

  private void accumulate(int o, int origin, int lanes) {
    int channels = layer.inputShape().channels() / layer.geometry().groups();
    int group = o / (used.length / layer.geometry().groups());
    int base = group * channels * (view.length / layer.inputShape().channels()) + origin;
    Arrays.fill(sum, 0, lanes, 0);
    int end = o * slots + used[o];
    for (int t = o * slots; t < end; t += Kernels.TAPS) {
      Kernels.addTaps(sum, lanes, weights, offsets, t, view, base);
    }
  }

  private void requantise(int o, int plane, int lanes) {
    int max = layer.activation().orElseThrow().maxCode();
    float bias = layer.bias()[o];
    float scale = layer.scale()[o];
    if (residual == null) {
      Kernels.requantise(sum, lanes, bias, scale, max, out.codes[plane]);
    } else {
      Kernels.requantise(sum, lanes, bias, scale, ratio, residual[plane], max, out.codes[plane]);
    }
  }

  /** The last layer: {@code logits[image · classes + c] = (acc + bias[c]) · scale[c]}. */
  void logits(int lanes, int count, float[] logits, int from) {
    for (int o = 0; o < used.length; o++) {
      accumulate(o, 0, lanes);
      float bias = layer.bias()[o];
      float scale = layer.scale()[o];
      for (int i = 0; i < count; i++) {
        logits[from + i * used.length + o] = ((float) sum[i] + bias) * scale;
      }
    }
  }
}
