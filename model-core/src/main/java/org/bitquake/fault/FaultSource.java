package org.bitquake.fault;

/** Draws the faulty cells of trials. Not thread-safe: one per task thread. */
public interface FaultSource {
  /** The number of cells that may be faulty. */
  long cells();

  /**
   * The faulty cells of a trial. The map is overwritten by the next call.
   *
   * @param maxRate 0 to 1, the highest rate that the map is asked for
   */
  FaultMap draw(long trial, double maxRate);
}
