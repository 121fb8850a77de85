package org.bitquake.fault;

/** Draws the faulty cells of trials. Not thread-safe: one per task thread. */
public final class FaultSampler {
  /**
   * @param seed the campaign's seed
   * @param weights number of weights of each weight layer
   * @param bits cells of each weight, per weight layer
   */
  public FaultSampler(long seed, int[] weights, int[] bits, FaultScope scope) {}

  /**
   * The cells of trial {@code trial} whose mark {@code u(seed, trial, layer, weight, bit)} is below
   * {@code maxRate}. The map is overwritten by the next call.
   */
  public FaultMap draw(long trial, double maxRate) {
    return null;
  }
}
