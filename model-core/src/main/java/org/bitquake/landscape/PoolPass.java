package org.bitquake.landscape;

import org.bitquake.network.MaxPool;

/** Maximum pooling of codes. */
final class PoolPass implements LayerPass {
  final LaneTensor in;
  final LaneTensor out;
  private final LaneKernels kernels;
  private final MaxPool layer;
  private final float[] row;
  private final int lanes;
  private int[] winners;

  PoolPass(LaneKernels kernels, MaxPool layer, LaneTensor in, LaneTensor out) {
    this.kernels = kernels;
    this.layer = layer;
    this.in = in;
    this.out = out;
    this.lanes = in.shape.width() * LaneKernels.BLOCK;
    this.row = new float[lanes];
  }

  /**
   * The lane of the input that gave each maximum, {@code [C][H][W][n]}, from now on; the first of
   * equals, as in training.
   */
  int[] keepWinners() {
    if (winners == null) {
      winners = new int[Math.multiplyExact(out.shape.size(), LaneKernels.BLOCK)];
    }
    return winners;
  }

  @Override
  public void forward() {
    for (int c = 0; c < out.shape.channels(); c++) {
      for (int y = 0; y < out.shape.height(); y++) {
        maximum(c, y);
        for (int x = 0; winners != null && x < out.shape.width(); x++) {
          findWinners(c, y, x);
        }
      }
    }
  }

  /** The maximum over the rows of the windows first, then over their columns. */
  private void maximum(int c, int y) {
    int top = y * layer.stride();
    System.arraycopy(in.data, in.at(c, top, 0), row, 0, lanes);
    for (int k = 1; k < layer.size(); k++) {
      kernels.maximum(in.data, in.at(c, top + k, 0), lanes, row, 0);
    }
    for (int x = 0; x < out.shape.width(); x++) {
      int from = x * layer.stride() * LaneKernels.BLOCK;
      int to = out.at(c, y, x);
      System.arraycopy(row, from, out.data, to, LaneKernels.BLOCK);
      for (int k = 1; k < layer.size(); k++) {
        kernels.maximum(row, from + k * LaneKernels.BLOCK, LaneKernels.BLOCK, out.data, to);
      }
    }
  }

  private void findWinners(int c, int y, int x) {
    int to = out.at(c, y, x);
    int place = ((c * out.shape.height() + y) * out.shape.width() + x) * LaneKernels.BLOCK;
    int size = layer.size();
    for (int k = size * size - 1; k >= 0; k--) { // the first one stays
      int from = in.at(c, y * layer.stride() + k / size, x * layer.stride() + k % size);
      for (int i = 0; i < LaneKernels.BLOCK; i++) {
        if (in.data[from + i] == out.data[to + i]) {
          winners[place + i] = from + i;
        }
      }
    }
  }
}
