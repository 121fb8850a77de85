package org.bitquake.fault.effect;

import org.bitquake.Text;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.FaultyMemory;

/**
 * Each faulty cell is stuck at 0, stuck at 1 or flips, fixed for a trial.
 *
 * @param stuckAt0 share of the faulty cells, 0 to 1
 * @param stuckAt1 likewise
 * @param bitFlip likewise; the shares sum to 1
 */
public record Mixed(double stuckAt0, double stuckAt1, double bitFlip) implements CellEffect {
  private static final double ROUNDING = 1e-9;

  public Mixed {
    double sum = stuckAt0 + stuckAt1 + bitFlip;
    if (!(stuckAt0 >= 0 && stuckAt1 >= 0 && bitFlip >= 0 && Math.abs(sum - 1) <= ROUNDING)) {
      throw new IllegalArgumentException(
          Text.of(
              "the shares of mixed, %s + %s + %s, do not sum to 1", stuckAt0, stuckAt1, bitFlip));
    }
  }

  @Override
  public String label() {
    return Text.of(
        "mixed: {stuck-at-0: %s, stuck-at-1: %s, bit-flip: %s}", stuckAt0, stuckAt1, bitFlip);
  }

  @Override
  public boolean isStuck() {
    return bitFlip == 0;
  }

  @Override
  public boolean isUniform() {
    return false;
  }

  @Override
  public Variants variants(FaultyMemory memory) {
    return (layer, weight, cell) -> {
      double choice = memory.choice(layer, weight, cell);
      if (choice < stuckAt0) {
        return 0;
      }
      return choice < stuckAt0 + stuckAt1 || bitFlip == 0 ? 1 : 2;
    };
  }

  @Override
  public int apply(int stored, int bits, int zeros, int ones, int flips) {
    return ((stored & ~zeros) | ones) ^ flips;
  }
}
