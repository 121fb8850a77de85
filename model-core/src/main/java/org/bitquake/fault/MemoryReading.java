package org.bitquake.fault;

/** What a memory with faults makes of codes. */
@FunctionalInterface
public interface MemoryReading {
  /**
   * Makes a corrupted copy of weight codes.
   *
   * @param rate at most the rate that faults were drawn with
   * @param pristine {@code [weight layer][code]}, not changed
   * @param codes of the same shape, overwritten
   */
  FaultMap.Tally apply(
      CellEffect effect, double rate, Encoding encoding, byte[][] pristine, byte[][] codes);
}
