package org.bitquake.landscape;

import org.bitquake.lanes.OutputTiles;

/**
 * Weighted sums of shifted lanes for a list of outputs, in groups that read different inputs: the
 * core of a convolution, and of its transpose.
 */
final class Correlation {
  private final LaneKernels kernels;
  private final int groups;
  private final int perGroup;
  private final int taps;

  /** Outputs summed at once. */
  private final int atOnce;

  /** Outputs of a group, filled up with zero weights to whole {@link #atOnce}. */
  private final int padded;

  /** {@code [group][padded output][tap]}. */
  private final float[] weights;

  Correlation(LaneKernels kernels, int groups, int perGroup, int taps) {
    this.kernels = kernels;
    this.groups = groups;
    this.perGroup = perGroup;
    this.taps = taps;
    var tiles = OutputTiles.of(perGroup);
    this.atOnce = tiles.atOnce();
    this.padded = tiles.padded();
    this.weights = new float[Math.multiplyExact(groups * padded, taps)];
  }

  /** Floats that {@link #row} writes for this many lanes. */
  int rowLength(int lanes) {
    return Math.multiplyExact(groups * padded, lanes);
  }

  /** Where {@link #row} puts the sums of an output, counted over all groups. */
  int place(int output, int lanes) {
    return (output / perGroup * padded + output % perGroup) * lanes;
  }

  /** Takes the weights {@code [output][tap]}. */
  void load(float[] from) {
    for (int group = 0; group < groups; group++) {
      int to = group * padded * taps;
      System.arraycopy(from, group * perGroup * taps, weights, to, perGroup * taps);
    }
  }

  /** Takes the weight of a tap of an output. */
  void set(int output, int tap, float weight) {
    weights[(output / perGroup * padded + output % perGroup) * taps + tap] = weight;
  }

  /** Where the lanes of a group begin. */
  interface Start {
    int of(int group);
  }

  /**
   * The sums of one row of lanes for all outputs.
   *
   * @param lanes a multiple of {@link LaneKernels#BLOCK}
   * @param out written, see {@link #place}
   */
  void row(float[] in, Start start, int[] offsets, int lanes, float[] out) {
    int chunk = kernels.chunk();
    for (int group = 0; group < groups; group++) {
      int base = start.of(group);
      for (int x = 0; x < lanes; x += chunk) {
        for (int o = group * padded; o < (group + 1) * padded; o += atOnce) {
          kernels.sums(
              atOnce,
              in,
              base + x,
              offsets,
              taps,
              o * taps,
              taps,
              weights,
              out,
              o * lanes + x,
              lanes);
        }
      }
    }
  }

  /** The same in double, each sum rounded once to float; slow. */
  void rowInDouble(float[] in, Start start, int[] offsets, int lanes, float[] out) {
    for (int group = 0; group < groups; group++) {
      int base = start.of(group);
      for (int o = group * padded; o < (group + 1) * padded; o++) {
        for (int x = 0; x < lanes; x++) {
          double sum = 0;
          for (int t = 0; t < taps; t++) {
            sum += (double) weights[o * taps + t] * in[base + offsets[t] + x];
          }
          out[o * lanes + x] = (float) sum;
        }
      }
    }
  }
}
