package org.bitquake.engine.vector;

import java.util.Locale;
import org.bitquake.network.Convolution;

/**
 * A layer with weights. Products are summed in 16 bits, which may wrap as long as the end result
 * fits; where it may not for some codes, the taps are cut into runs that fit whatever the codes are
 * and their sums are added in 32 bits.
 */
final class ConvolutionStep implements Step {
  private static final int OUTPUTS = 4;

  private final Convolution layer;
  private final Windows windows;
  private final Tensor out;
  private final Tensor residual;
  private final float ratio;
  private final int maxIn;
  private final int taps;
  private final int perGroup;
  private final int paddedPerGroup;

  /** {@code [group][output][tap]}, each group filled up with zeros to whole fours of outputs. */
  private final short[] weights;

  /** Of each padded output: whether its sum fits 16 bits for the codes loaded. */
  private final boolean[] fits;

  private final int[] wholeRun;
  private final int[] safeRuns;
  private final short[] sums;
  private float[] logits;

  /**
   * @param maxIn largest input code
   * @param residual second operand, or null
   * @param out tensor written; null for the layer that gives logits
   */
  ConvolutionStep(Convolution layer, Tensor in, int maxIn, Tensor residual, Tensor out, int block) {
    var g = layer.geometry();
    this.layer = layer;
    this.maxIn = maxIn;
    this.residual = residual;
    this.ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    this.out = out;
    this.windows = new Windows(layer, in, block);
    this.taps = Math.toIntExact(g.taps(in.shape));
    this.perGroup = g.outChannels() / g.groups();
    this.paddedPerGroup = (perGroup + OUTPUTS - 1) / OUTPUTS * OUTPUTS;
    this.weights = new short[Math.multiplyExact(g.groups() * paddedPerGroup, taps)];
    this.fits = new boolean[g.groups() * paddedPerGroup];
    this.wholeRun = new int[] {0, taps};
    this.safeRuns = runs(taps, runLength(layer, maxIn));
    this.sums = new short[(safeRuns.length - 1) * OUTPUTS * Lanes.WIDE];
    this.logits = out == null ? new float[block * g.outChannels() + Lanes.WIDE] : null;
  }

  /** Taps whose 16-bit sum holds for any codes of this width. */
  static int runLength(Convolution layer, int maxIn) {
    return -Short.MIN_VALUE / (maxIn << (layer.weights().bits() - 1));
  }

  private static int[] runs(int taps, int length) {
    int[] ends = new int[(taps + length - 1) / length + 1];
    for (int r = 0; r < ends.length; r++) {
      ends[r] = Math.min(taps, r * length);
    }
    return ends;
  }

  void load(byte[] codes) {
    int low = -(1 << (layer.weights().bits() - 1));
    int outputs = layer.geometry().outChannels();
    if (codes.length != outputs * taps) {
      throw wrong(codes, low);
    }
    int seen = 0;
    for (int o = 0; o < outputs; o++) {
      int to = padded(o) * taps;
      int sum = 0;
      int magnitude = 0;
      for (int t = 0; t < taps; t++) {
        int code = codes[o * taps + t];
        weights[to + t] = (short) code;
        sum += code;
        magnitude += Math.abs(code);
        seen |= code - low;
      }
      // The positive codes alone, and the negative ones, bound every sum.
      int positive = (magnitude + sum) / 2;
      int negative = (magnitude - sum) / 2;
      fits[padded(o)] =
          (long) positive * maxIn <= Short.MAX_VALUE && (long) negative * maxIn <= -Short.MIN_VALUE;
    }
    if (seen < 0 || seen >= -2 * low) {
      throw wrong(codes, low);
    }
  }

  private IllegalArgumentException wrong(byte[] codes, int low) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "layer %s needs %d codes in %d…%d; got %d, or others",
            layer.name(),
            layer.geometry().outChannels() * taps,
            low,
            -low - 1,
            codes.length));
  }

  private int padded(int output) {
    return output / perGroup * paddedPerGroup + output % perGroup;
  }

  @Override
  public void run(int n) {
    windows.fill(n);
    int lanes = layer.outputShape().width() * n;
    for (int y = 0; y < layer.outputShape().height(); y++) {
      for (int group = 0; group < layer.geometry().groups(); group++) {
        int base = windows.start(group, y);
        for (int x = 0; x < lanes; x += Lanes.WIDE) {
          chunk(group, y, base + x, x, Math.min(Lanes.WIDE, lanes - x), n);
        }
      }
      if (out != null) {
        for (int o = 0; o < layer.geometry().outChannels(); o++) {
          out.endRow(o, y);
        }
      }
    }
  }

  /** All outputs of a group for a chunk of the lanes of a row. */
  private void chunk(int group, int y, int base, int x, int lanes, int n) {
    boolean narrow = lanes <= Lanes.NARROW;
    int outputs = narrow ? OUTPUTS : OUTPUTS / 2;
    for (int first = 0; first < perGroup; first += outputs) {
      int o = group * paddedPerGroup + first;
      int[] ends = fits(o, outputs) ? wholeRun : safeRuns;
      for (int r = 0; r + 1 < ends.length; r++) {
        int at = r * OUTPUTS * Lanes.WIDE;
        if (narrow) {
          Lanes.fourOutputs(
              windows.data(),
              base,
              windows.offsets(),
              ends[r],
              ends[r + 1],
              weights,
              o * taps,
              taps,
              sums,
              at);
        } else {
          Lanes.twoOutputs(
              windows.data(),
              base,
              windows.offsets(),
              ends[r],
              ends[r + 1],
              weights,
              o * taps,
              taps,
              sums,
              at);
        }
      }
      int last = Math.min(outputs, perGroup - first);
      for (int k = 0; k < last; k++) {
        finish(group * perGroup + first + k, y, k * Lanes.WIDE, ends.length - 1, x, lanes, n);
      }
    }
  }

  private boolean fits(int first, int count) {
    boolean all = true;
    for (int o = first; o < first + count; o++) {
      all &= fits[o] || o % paddedPerGroup >= perGroup;
    }
    return all;
  }

  private void finish(int o, int y, int at, int runs, int x, int lanes, int n) {
    float bias = layer.bias()[o];
    float scale = layer.scale()[o];
    int stride = OUTPUTS * Lanes.WIDE;
    if (out == null) {
      Lanes.logits(sums, at, runs, stride, lanes, bias, scale, logits, o * n + x);
      return;
    }
    int max = layer.activation().orElseThrow().maxCode();
    int to = out.at(o, y, 0) + x;
    if (residual == null) {
      Lanes.requantise(sums, at, runs, stride, lanes, bias, scale, max, out.data, to);
    } else {
      int second = residual.at(o, y, 0) + x;
      Lanes.requantise(
          sums,
          at,
          runs,
          stride,
          lanes,
          bias,
          scale,
          ratio,
          residual.data,
          second,
          max,
          out.data,
          to);
    }
  }

  /** What the layer that gives logits wrote, {@code [classes][n]}. */
  float[] logits() {
    return logits;
  }
}
