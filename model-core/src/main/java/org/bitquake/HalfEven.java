package org.bitquake;

/**
 * Rounding floats to whole numbers, half to even, by one addition. The loops that do it must be
 * free of calls, so they share the constants.
 */
public final class HalfEven {
  /**
   * 1.5·2^23. Adding it to a float y with |y| ≤ 2^22 rounds y to an integer, half to even, and
   * leaves that integer in the low bits of the sum; taking it away again leaves the integer as a
   * float. Read as ints, the bits of positive sums grow with y and those of negative sums are
   * negative, so a clip of the bits is a clip of y.
   */
  public static final float ROUND = 12_582_912f;

  /** The bits of {@link #ROUND}: what stands for 0. */
  public static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

  private HalfEven() {}
}
