package org.bitquake.engine.vector;

import org.bitquake.network.Convolution;

/** The last layer. */
final class LogitsStep implements Step {
  private final Convolution layer;
  private final Sums sums;
  private final short[] chunk;
  private final int[] total = new int[Lanes.CHUNK];
  private final float[] logits;

  LogitsStep(Convolution layer, Sums sums, int block) {
    this.layer = layer;
    this.sums = sums;
    this.chunk = new short[sums.maxRuns() * Sums.MOST * Lanes.CHUNK];
    this.logits = new float[block * layer.outputShape().channels() + Lanes.CHUNK];
  }

  @Override
  public void run(int n) {
    sums.prepare();
    int runStride = Sums.MOST * Lanes.CHUNK;
    for (int group = 0; group < sums.groups(); group++) {
      for (int x = 0; x < n; x += Lanes.CHUNK) {
        int lanes = Math.min(Lanes.CHUNK, n - x);
        int atOnce = sums.atOnce();
        for (int first = 0; first < sums.perGroup(); first += atOnce) {
          sums.compute(group, first, 0, x, chunk, 0, Lanes.CHUNK, runStride);
          int runs = sums.runs(group, first);
          for (int k = 0; k < Math.min(atOnce, sums.perGroup() - first); k++) {
            int o = group * sums.perGroup() + first + k;
            float bias = layer.bias()[o];
            float scale = layer.scale()[o];
            Lanes.addRuns(chunk, k * Lanes.CHUNK, runs, runStride, lanes, total);
            for (int lane = 0; lane < lanes; lane++) {
              logits[o * n + x + lane] = ((float) total[Lanes.place(lane)] + bias) * scale;
            }
          }
        }
      }
    }
  }

  /** {@code [classes][n]}. */
  float[] logits() {
    return logits;
  }
}
