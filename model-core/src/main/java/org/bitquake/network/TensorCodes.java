package org.bitquake.network;

/**
 * What the codes of a tensor can be, and what they stand for: real value = step · (code − zero).
 *
 * @param max the largest code; the smallest is 0. Above 255 for sums only
 * @param zero the code of 0
 * @param step the real value of one code
 * @param base to be added to a code for the number that it is where the network comes from
 */
public record TensorCodes(int max, int zero, float step, int base) {
  /** The largest {@code |code − zero|}. */
  public int reach() {
    return Math.max(zero, max - zero);
  }

  /** The real value of a code, in float32. */
  public float real(int code) {
    return step * (code - zero);
  }
}
