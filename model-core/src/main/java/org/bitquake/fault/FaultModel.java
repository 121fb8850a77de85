package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;

/**
 * How memory fails: which memory, where faults fall, and what a faulty cell reads.
 *
 * @param name in tables
 */
public record FaultModel(
    String name, TargetMemory memory, FaultPattern pattern, CellEffect effect) {
  /** A model of the memory of weights. */
  public FaultModel(String name, FaultPattern pattern, CellEffect effect) {
    this(name, TargetMemory.WEIGHTS, pattern, effect);
  }

  /** Independent cells, named after what they do. */
  public static FaultModel of(FaultKind kind) {
    return new FaultModel(kind.label(), CellPattern.INSTANCE, kind);
  }

  /**
   * What draws its faults in the memory of weights.
   *
   * @param weights number of weights of each weight layer
   * @param bits of each weight, per weight layer
   */
  public FaultSource source(
      long seed, Storage storage, int[] weights, int[] bits, FaultScope scope) {
    return pattern.source(
        seed, new MemoryLayout(storage, weights, bits, effect.bitsPerCell()), scope);
  }
}
