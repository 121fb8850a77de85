package org.bitquake.landscape;

import java.util.Arrays;

/** Global average pooling: the sum of the codes of each channel. */
final class SumPass implements LayerPass {
  final LaneTensor in;
  final LaneTensor out;
  private final LaneKernels kernels;

  SumPass(LaneKernels kernels, LaneTensor in, LaneTensor out) {
    this.kernels = kernels;
    this.in = in;
    this.out = out;
  }

  @Override
  public void forward() {
    add(in, out);
  }

  /** Adds up values or tangents. */
  void add(LaneTensor from, LaneTensor to) {
    for (int c = 0; c < from.shape.channels(); c++) {
      int target = to.at(c, 0, 0);
      Arrays.fill(to.data, target, target + LaneKernels.BLOCK, 0);
      for (int k = 0; k < from.shape.height() * from.shape.width(); k++) {
        int at = from.at(c, k / from.shape.width(), k % from.shape.width());
        kernels.add(from.data, at, LaneKernels.BLOCK, to.data, target);
      }
    }
  }

  /** Hands a gradient back to every position. */
  void spread(LaneTensor from, LaneTensor to) {
    for (int c = 0; c < to.shape.channels(); c++) {
      for (int k = 0; k < to.shape.height() * to.shape.width(); k++) {
        int at = to.at(c, k / to.shape.width(), k % to.shape.width());
        kernels.add(from.data, from.at(c, 0, 0), LaneKernels.BLOCK, to.data, at);
      }
    }
  }
}
