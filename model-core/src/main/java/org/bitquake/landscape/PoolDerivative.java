package org.bitquake.landscape;

/** Maximum pooling: a window passes on what happens at its first maximum. */
final class PoolDerivative implements LayerDerivative {
  private final int[] winners;
  private final LaneTensor out;
  private final Flow from;
  private final Flow to;

  /**
   * @param from flow past the input; null if that is the image
   */
  PoolDerivative(PoolPass pass, Flow from, Flow to) {
    this.winners = pass.keepWinners();
    this.out = pass.out;
    this.from = from;
    this.to = to;
  }

  private interface Lane {
    void visit(int lane, int winner);
  }

  private void eachLane(Lane lane) {
    int place = 0;
    for (int c = 0; c < out.shape.channels(); c++) {
      for (int y = 0; y < out.shape.height(); y++) {
        int at = out.at(c, y, 0);
        for (int i = 0; i < out.shape.width() * LaneKernels.BLOCK; i++) {
          lane.visit(at + i, winners[place++]);
        }
      }
    }
  }

  @Override
  public void tangent() {
    if (from != null) {
      eachLane((lane, winner) -> to.tangent().data[lane] = from.tangent().data[winner]);
    }
  }

  @Override
  public void backward(boolean second) {
    if (from == null) {
      return;
    }
    eachLane((lane, winner) -> from.gradient().data[winner] += to.gradient().data[lane]);
    if (second) {
      eachLane(
          (lane, winner) -> from.gradientTangent().data[winner] += to.gradientTangent().data[lane]);
    }
  }
}
