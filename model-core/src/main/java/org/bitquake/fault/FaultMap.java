package org.bitquake.fault;

/** The faulty cells of one trial, for every network of the same shape, kind and rate. */
public final class FaultMap {
  /** What a fault map did: cells hit, and weights whose code is another one now. */
  public record Tally(long faultyCells, long changedWeights) {}

  /**
   * Corrupts weight codes in place.
   *
   * @param rate at most the rate the map was drawn with
   * @param codes {@code [weight layer][code]}
   */
  public Tally apply(FaultKind kind, double rate, Encoding encoding, byte[][] codes) {
    return null;
  }
}
