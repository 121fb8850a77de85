package org.bitquake.fault;

/**
 * The faulty cells of one block of weights ({@link NearBlocks}): listed by a mark, gathered to the
 * faulty bits of each weight, and taken. Scratch memory of a {@link FaultMap}; not thread-safe.
 */
final class NearCells {
  private static final int LAST = NearBlocks.WEIGHTS - 1;

  /** The faulty bits of each weight; all 0 where none were gathered, or all were taken. */
  private final byte[] masks = new byte[NearBlocks.WEIGHTS];

  private int[] listed = {}; // weight · 8 + bit
  private int count;

  /** Lists the cells of the sites from {@code from} to {@code to} whose marks are below one. */
  void list(int[] cells, double[] marks, int from, int to, double mark) {
    if (listed.length < to - from) {
      listed = new int[2 * (to - from)];
    }
    if (mark == Double.POSITIVE_INFINITY) { // then their marks need not be read
      count = to - from;
      System.arraycopy(cells, from, listed, 0, count);
      return;
    }
    int[] its = listed;
    int below = 0;
    for (int site = from; site < to; site++) {
      its[below] = cells[site]; // no branch: which sites are faulty is not foreseeable
      below += marks[site] < mark ? 1 : 0;
    }
    count = below;
  }

  /** Gathers the listed cells, which are all different; how many they are. */
  int gather() {
    for (int i = 0; i < count; i++) {
      masks[(listed[i] >> 3) & LAST] |= (byte) (1 << (listed[i] & 7));
    }
    return count;
  }

  /** The same where several sites may name a cell, which counts once. */
  int gatherOnce() {
    int faulty = 0;
    for (int i = 0; i < count; i++) {
      int weight = (listed[i] >> 3) & LAST;
      int cell = 1 << (listed[i] & 7);
      faulty += (masks[weight] & cell) == 0 ? 1 : 0;
      masks[weight] |= (byte) cell;
    }
    return faulty;
  }

  /** The faulty bits of a weight that were gathered; forgets them. */
  int take(int weight) {
    int faulty = masks[weight & LAST] & 0xFF;
    masks[weight & LAST] = 0;
    return faulty;
  }

  /** Corrupts each weight with faulty bits once; how many are another code now. */
  int corrupt(Corruption corruption, byte[] codes) {
    int changed = 0;
    for (int i = 0; i < count; i++) {
      int weight = listed[i] >> 3;
      int faulty = take(weight);
      if (faulty != 0) {
        byte before = codes[weight];
        byte after = corruption.apply(before, faulty);
        codes[weight] = after;
        changed += before == after ? 0 : 1;
      }
    }
    return changed;
  }
}
