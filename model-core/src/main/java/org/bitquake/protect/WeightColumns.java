package org.bitquake.protect;

import org.bitquake.memory.MemoryLayout;

/**
 * The columns of weights of one layer: weights that lie one below the other in one array, so that a
 * column of cells holds the same bit of each. They are numbered by array and from the left; where a
 * layer fills a row only in part, some numbers may have no weight.
 */
final class WeightColumns {
  private final int weights;

  /** Codes side by side in a row. */
  private final int across;

  private final long perArray;

  /** Codes of this width that fit before the layer's first in its array. */
  private final long before;

  WeightColumns(MemoryLayout memory, int layer) {
    weights = memory.weights()[layer];
    across = memory.storage().wordsPerRow() * memory.codesPerWord(layer);
    perArray = (long) across * memory.storage().rows();
    long word = 0;
    for (int i = 0; i < layer; i++) {
      word += memory.words(i);
    }
    before = word * memory.codesPerWord(layer) % perArray;
  }

  /** Number of weights of the layer. */
  int weights() {
    return weights;
  }

  /** The column of a weight. */
  int of(int weight) {
    long at = before + weight;
    return (int) (at / perArray) * across + (int) (at % across);
  }

  /** All numbers of columns are below this. */
  int end() {
    return (int) ((before + weights - 1) / perArray + 1) * across;
  }

  /** How many columns have weights. */
  long count() {
    long first = Math.min(perArray - before, weights);
    long rest = weights - first;
    return Math.min(first, across) + rest / perArray * across + Math.min(rest % perArray, across);
  }
}
