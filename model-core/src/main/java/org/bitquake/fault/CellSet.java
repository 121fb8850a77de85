package org.bitquake.fault;

import java.util.Arrays;

/** Some cells of a network's weight memory. */
public final class CellSet {
  /** Of each layer the cells of each weight, a bit each; empty where a layer has none. */
  private final byte[][] masks;

  private final int[] weights;
  private int size;

  /**
   * The empty set.
   *
   * @param weights number of weights of each weight layer
   */
  public CellSet(int... weights) {
    this.weights = weights.clone();
    masks = new byte[weights.length][0];
  }

  /** Adds a cell, and says whether it was not there yet. */
  public boolean add(int layer, int weight, int bit) {
    if (contains(layer, weight, bit)) {
      return false;
    }
    if (masks[layer].length == 0) {
      masks[layer] = new byte[weights[layer]];
    }
    masks[layer][weight] |= (byte) (1 << bit);
    size++;
    return true;
  }

  public boolean contains(int layer, int weight, int bit) {
    return masks[layer].length > 0 && (masks[layer][weight] >> bit & 1) != 0;
  }

  /** Number of cells. */
  public int size() {
    return size;
  }

  /** Those of its cells that a scope has, too. */
  public long cells(FaultScope scope) {
    long all = 0;
    for (int layer = 0; layer < masks.length; layer++) {
      int within = 0;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        within |= scope.contains(layer, bit) ? 1 << bit : 0;
      }
      for (byte mask : masks[layer]) {
        all += Integer.bitCount(mask & within);
      }
    }
    return all;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellSet its
        && Arrays.equals(weights, its.weights)
        && Arrays.deepEquals(masks, its.masks);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(weights) + Arrays.deepHashCode(masks);
  }
}
