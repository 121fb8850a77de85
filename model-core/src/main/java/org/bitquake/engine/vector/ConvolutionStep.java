package org.bitquake.engine.vector;

import org.bitquake.network.Convolution;

/** A layer with weights. */
final class ConvolutionStep implements Step {
  private final Convolution layer;
  private final Sums sums;
  private final Tensor residual;
  private final float ratio;
  private final Tensor out;
  private final short[] chunk;
  private final int[] total = new int[Lanes.CHUNK];

  /**
   * @param residual second operand, or null
   */
  ConvolutionStep(Convolution layer, Sums sums, Tensor residual, Tensor out) {
    this.layer = layer;
    this.sums = sums;
    this.residual = residual;
    this.ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    this.out = out;
    this.chunk = new short[sums.maxRuns() * Sums.MOST * Lanes.CHUNK];
  }

  @Override
  public void run(int n) {
    sums.prepare();
    int lanes = out.shape.width() * n;
    for (int y = 0; y < out.shape.height(); y++) {
      for (int group = 0; group < sums.groups(); group++) {
        for (int x = 0; x < lanes; x += Lanes.CHUNK) {
          chunk(group, y, x, Math.min(Lanes.CHUNK, lanes - x));
        }
      }
      for (int c = 0; c < out.shape.channels(); c++) {
        out.endRow(c, y);
      }
    }
  }

  private void chunk(int group, int y, int x, int lanes) {
    int atOnce = sums.atOnce();
    int runStride = Sums.MOST * Lanes.CHUNK;
    int max = layer.activation().orElseThrow().maxCode();
    for (int first = 0; first < sums.perGroup(); first += atOnce) {
      sums.compute(group, first, y, x, chunk, 0, Lanes.CHUNK, runStride);
      int runs = sums.runs(group, first);
      for (int k = 0; k < Math.min(atOnce, sums.perGroup() - first); k++) {
        int o = group * sums.perGroup() + first + k;
        float bias = layer.bias()[o];
        float scale = layer.scale()[o];
        int to = out.at(o, y, 0) + x;
        Lanes.addRuns(chunk, k * Lanes.CHUNK, runs, runStride, lanes, total);
        if (residual == null) {
          Lanes.requantise(total, lanes, bias, scale, max, out.data, to);
        } else {
          int second = residual.at(o, y, 0) + x;
          Lanes.requantise(
              total, lanes, bias, scale, ratio, residual.data, second, max, out.data, to);
        }
      }
    }
  }
}
