package org.bitquake.fault;

import java.util.Arrays;

/** Blocks of neighbouring weights, and faulty cells sorted by them. */
final class NearBlocks {
  static final int BITS = 13;

  /** Weights of a block: their scratch and codes stay in the nearest cache. */
  static final int WEIGHTS = 1 << BITS;

  /** Where the sites of each block of weights begin. */
  private final int[] starts;

  /**
   * @param weights of the largest layer
   */
  NearBlocks(int weights) {
    starts = new int[(weights >> BITS) + 2];
  }

  /**
   * Brings sites of neighbouring weights together (a counting sort by blocks of {@link #WEIGHTS}
   * weights), so that applying them stays in a small part of memory at a time.
   */
  void gather(
      int[] cells,
      double[] marks,
      int from,
      int end,
      int weights,
      int[] sortedCells,
      double[] sortedMarks,
      int first) {
    int blocks = (weights >> BITS) + 1;
    Arrays.fill(starts, 0, blocks + 1, 0);
    for (int site = from; site < end; site++) {
      starts[(cells[site] >> (3 + BITS)) + 1]++;
    }
    starts[0] = first;
    for (int block = 1; block <= blocks; block++) {
      starts[block] += starts[block - 1];
    }
    for (int site = from; site < end; site++) {
      int to = starts[cells[site] >> (3 + BITS)]++;
      sortedCells[to] = cells[site];
      sortedMarks[to] = marks[site];
    }
  }
}
