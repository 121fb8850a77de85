package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;

/** A network's memory with the faulty cells of one trial at one rate, as effects look at it. */
public interface FaultyMemory {
  MemoryLayout layout();

  /**
   * A number uniform on [0, 1) that belongs to a cell, besides its mark: a function of (seed,
   * trial, layer, weight, cell).
   */
  double choice(int layer, int weight, int cell);

  /**
   * A random number that the trial's pattern draws from, too: {@link EventStream#word} of a block.
   */
  default long eventWord(long block, long stream, int word) {
    throw new UnsupportedOperationException("a memory whose pattern says nothing of effects");
  }

  /** The bits of a weight as they were written. */
  int stored(int layer, int weight);

  /** Names every faulty cell; some may be named twice. */
  void forEachFaulty(Cells cells);

  /** Takes cells. */
  @FunctionalInterface
  interface Cells {
    void cell(int layer, int weight, int cell);
  }
}
