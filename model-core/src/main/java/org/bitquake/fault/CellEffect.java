package org.bitquake.fault;

/**
 * What a faulty cell reads: one half of a {@link FaultModel}. Where cells of one weight may read
 * differently, each takes one of three variants, and {@link #apply} is told which cells took which.
 */
public interface CellEffect {
  /** The most variants of an effect. */
  int VARIANTS = 3;

  /** What configurations call it, with its settings. */
  String label();

  /** Bits that one memory cell holds. */
  default int bitsPerCell() {
    return 1;
  }

  /**
   * The bits that are read.
   *
   * @param stored bits of a weight
   * @param bits how many
   * @param first its faulty cells of variant 0, cell 0 the least significant
   * @param second those of variant 1
   * @param third those of variant 2; no cell is in two of them
   */
  int apply(int stored, int bits, int first, int second, int third);

  /** Whether all faulty cells take variant 0. */
  default boolean isUniform() {
    return true;
  }

  /** Whether a faulty cell reads the same whatever is written. */
  default boolean isStuck() {
    return false;
  }

  /** The variants of one trial's faulty cells. */
  default Variants variants(FaultyMemory memory) {
    return (layer, weight, cell) -> 0;
  }

  /** The variant that each faulty cell takes. */
  @FunctionalInterface
  interface Variants {
    /** 0 to {@link #VARIANTS} − 1. */
    int of(int layer, int weight, int cell);
  }
}
