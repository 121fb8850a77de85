package org.bitquake.engine.vector;

import org.bitquake.network.Convolution;
import org.bitquake.network.MaxPool;

/**
 * A layer with weights and the maximum pooling behind it, one pooled row at a time. Rounding and
 * clipping keep order where the scale is not negative, so the maximum of the codes is the code of
 * the maximum: only that one is rounded.
 */
final class PooledStep implements Step {
  private final Convolution layer;
  private final MaxPool pool;
  private final Sums sums;
  private final Tensor out;
  private final short[] chunk;

  /** {@code [output][row of the window][lane]}: sums, or codes where sums cannot be compared. */
  private final short[] rows;

  private final short[] pooled;
  private final int[] total;

  PooledStep(Convolution layer, MaxPool pool, Sums sums, Tensor out, int block) {
    this.layer = layer;
    this.pool = pool;
    this.sums = sums;
    this.out = out;
    this.chunk = new short[sums.maxRuns() * Sums.MOST * Lanes.CHUNK];
    int row = row(block);
    this.rows = new short[(layer.outputShape().channels() + Sums.MOST) * pool.size() * row];
    this.pooled = new short[row];
    this.total = new int[row];
  }

  /** Whether this class can do the pair: the windows must not overlap. */
  static boolean fits(Convolution layer, MaxPool pool) {
    return pool.size() <= pool.stride() && layer.residual().isEmpty();
  }

  private int row(int n) {
    return layer.outputShape().width() * n + Lanes.CHUNK;
  }

  @Override
  public void run(int n) {
    sums.prepare();
    int lanes = layer.outputShape().width() * n;
    for (int y = 0; y < out.shape.height(); y++) {
      for (int k = 0; k < pool.size(); k++) {
        for (int group = 0; group < sums.groups(); group++) {
          for (int x = 0; x < lanes; x += Lanes.CHUNK) {
            chunk(group, y * pool.stride() + k, k, x, Math.min(Lanes.CHUNK, lanes - x), n);
          }
        }
      }
      for (int o = 0; o < out.shape.channels(); o++) {
        finish(o, y, n);
        out.endRow(o, y);
      }
    }
  }

  /**
   * Whether the sums of the outputs that are computed together can be compared in place of codes.
   */
  private boolean comparable(int group, int o) {
    int first = o - o % sums.atOnce();
    boolean all = sums.runs(group, o) == 1;
    for (int k = first; k < Math.min(first + sums.atOnce(), sums.perGroup()); k++) {
      all &= layer.scale()[group * sums.perGroup() + k] >= 0;
    }
    return all;
  }

  private int rowsOf(int o, int n) {
    return o * pool.size() * row(n);
  }

  private void chunk(int group, int y, int k, int x, int lanes, int n) {
    int outputStride = pool.size() * row(n);
    for (int first = 0; first < sums.perGroup(); first += sums.atOnce()) {
      int to = rowsOf(group * sums.perGroup() + first, n) + k * row(n) + x;
      if (comparable(group, first)) {
        sums.compute(group, first, y, x, rows, to, outputStride, 0);
      } else {
        int runStride = Sums.MOST * Lanes.CHUNK;
        sums.compute(group, first, y, x, chunk, 0, Lanes.CHUNK, runStride);
        int count = Math.min(sums.atOnce(), sums.perGroup() - first);
        for (int i = 0; i < count; i++) {
          int runs = sums.runs(group, first);
          Lanes.addRuns(chunk, i * Lanes.CHUNK, runs, runStride, lanes, total);
          requantise(group * sums.perGroup() + first + i, lanes, rows, to + i * outputStride);
        }
      }
    }
  }

  private void requantise(int o, int lanes, short[] to, int at) {
    int max = layer.activation().orElseThrow().maxCode();
    Lanes.requantise(total, lanes, layer.bias()[o], layer.scale()[o], max, to, at);
  }

  private void finish(int o, int y, int n) {
    int to = out.at(o, y, 0);
    int width = out.shape.width();
    if (comparable(o / sums.perGroup(), o % sums.perGroup())) {
      maximum(rowsOf(o, n), n, pooled, 0);
      Lanes.addRuns(pooled, 0, 1, 0, width * n, total);
      requantise(o, width * n, out.data, to);
    } else {
      maximum(rowsOf(o, n), n, out.data, to);
    }
  }

  private void maximum(int first, int n, short[] to, int at) {
    int size = pool.size();
    for (int x = 0; x < out.shape.width(); x++) {
      int from = first + x * pool.stride() * n;
      int target = at + x * n;
      if (size == 2) {
        Lanes.maximumOfFour(rows, from, from + row(n), n, n, to, target);
      } else {
        System.arraycopy(rows, from, to, target, n);
        for (int k = 1; k < size * size; k++) {
          Lanes.maximum(rows, from + k / size * row(n) + k % size * n, n, to, target);
        }
      }
    }
  }
}
