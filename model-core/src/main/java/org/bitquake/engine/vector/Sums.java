package org.bitquake.engine.vector;

import org.bitquake.Text;
import org.bitquake.lanes.OutputTiles;
import org.bitquake.lanes.Windows;
import org.bitquake.network.Convolution;

/**
 * The products of a layer with weights, summed in 16 bits. Such a sum may wrap on the way as long
 * as its end fits; where it may not for the codes loaded, the taps are cut into runs that fit
 * whatever the codes are, and who uses the sums adds up those of the runs in 32 bits.
 */
final class Sums {
  /** Most outputs that are summed at once. */
  static final int MOST = OutputTiles.MOST;

  private final Convolution layer;
  private final Tensor in;
  private final Windows<short[]> windows;
  private final int maxIn;
  private final int taps;
  private final int perGroup;

  private final int atOnce;

  /** Outputs of a group of channels, filled up with zero weights to whole {@link #atOnce}. */
  private final int paddedPerGroup;

  /** {@code [group][output][tap]}. */
  private final short[] weights;

  /** Of each {@link #atOnce} outputs: whether their sums fit 16 bits. */
  private final boolean[] fits;

  private final int[] wholeRun;
  private final int[] safeRuns;

  /**
   * @param maxIn largest input code
   */
  Sums(Convolution layer, Tensor in, int maxIn) {
    var g = layer.geometry();
    this.layer = layer;
    this.maxIn = maxIn;
    this.in = in;
    this.windows = in.windows(layer);
    this.taps = Math.toIntExact(g.taps(in.shape));
    this.perGroup = g.outChannels() / g.groups();
    var tiles = OutputTiles.of(perGroup);
    this.atOnce = tiles.atOnce();
    this.paddedPerGroup = tiles.padded();
    this.weights = new short[Math.multiplyExact(g.groups() * paddedPerGroup, taps)];
    this.fits = new boolean[g.groups() * paddedPerGroup / atOnce];
    this.wholeRun = new int[] {0, taps};
    this.safeRuns = cut(taps, safeRun(layer, maxIn));
  }

  /** Taps whose sum fits 16 bits for any codes of the layer. */
  static int safeRun(Convolution layer, int maxIn) {
    return -Short.MIN_VALUE / (maxIn * layer.weights().reach());
  }

  private static int[] cut(int taps, int length) {
    int[] ends = new int[(taps + length - 1) / length + 1];
    for (int r = 0; r < ends.length; r++) {
      ends[r] = Math.min(taps, r * length);
    }
    return ends;
  }

  /** Most runs there can be. */
  int maxRuns() {
    return safeRuns.length - 1;
  }

  int groups() {
    return layer.geometry().groups();
  }

  /** Outputs of a group of channels. */
  int perGroup() {
    return perGroup;
  }

  void load(byte[] codes) {
    int low = -(1 << (layer.weights().bits() - 1));
    int outputs = layer.geometry().outChannels();
    int seen = 0;
    if (codes.length == outputs * taps) {
      for (int group = 0; group < groups(); group++) {
        int from = group * perGroup * taps;
        int to = group * paddedPerGroup * taps;
        seen |= Lanes.widen(codes, from, perGroup * taps, low, weights, to);
        if (layer.weights().isMidRise()) {
          raise(to, to + perGroup * taps);
        }
      }
    }
    if (codes.length != outputs * taps || seen < 0 || seen >= -2 * low) {
      throw new IllegalArgumentException(
          Text.of(
              "layer %s needs %d codes in %d…%d; got %d, or others",
              layer.name(), outputs * taps, low, -low - 1, codes.length));
    }
    for (int i = 0; i < fits.length; i++) {
      fits[i] = maxRuns() == 1 || fits(i * atOnce, layer.weights().reach());
    }
  }

  /** Makes mid-rise codes the integers that they stand for. */
  private void raise(int from, int to) {
    for (int i = from; i < to; i++) {
      weights[i] = (short) (2 * weights[i] + 1);
    }
  }

  private boolean fits(int first, int largest) {
    boolean all = (long) taps * largest <= Short.MAX_VALUE;
    for (int o = first; all && o < first + atOnce; o++) {
      all = Lanes.fits(weights, o * taps, taps, maxIn);
    }
    return all;
  }

  /** Takes the input's current codes. */
  void prepare() {
    windows.fill(in.layout());
  }

  /** Outputs that {@link #compute} does at once. */
  int atOnce() {
    return atOnce;
  }

  /** The runs of output {@code o} of a group: 1 if its sum fits. */
  int runs(int group, int o) {
    return fits[(group * paddedPerGroup + o) / atOnce] ? 1 : maxRuns();
  }

  /**
   * Sums of {@link Lanes#CHUNK} lanes of a row, for {@link #atOnce} outputs.
   *
   * @param group of channels
   * @param first output of the group
   * @param y output row
   * @param x first lane of the row
   * @param to written at {@code at + run·runStride + output·outputStride + lane}
   */
  void compute(
      int group, int first, int y, int x, short[] to, int at, int outputStride, int runStride) {
    int base = windows.start(group, y) + x;
    int w = (group * paddedPerGroup + first) * taps;
    int[] ends = runs(group, first) == 1 ? wholeRun : safeRuns;
    short[] in = windows.data();
    int[] offsets = windows.offsets();
    for (int r = 0; r + 1 < ends.length; r++) {
      int start = at + r * runStride;
      if (atOnce == MOST) {
        Lanes.eightOutputs(
            in, base, offsets, ends[r], ends[r + 1], w, taps, weights, to, start, outputStride);
      } else {
        Lanes.sixOutputs(
            in, base, offsets, ends[r], ends[r + 1], w, taps, weights, to, start, outputStride);
      }
    }
  }
}
