package org.bitquake.protect;

/**
 * A set of places in a row of any length, of which only neighbours are in it at the same time: a
 * bit for each place modulo the size.
 */
final class PlaceRing {
  private final long[] bits;

  /**
   * @param size a power of two, at least 64; places of the set lie nearer to each other by 64
   */
  PlaceRing(int size) {
    bits = new long[size / Long.SIZE];
  }

  void add(int place) {
    bits[(place >> 6) & (bits.length - 1)] |= 1L << place;
  }

  /** Takes out the places of a group of 64 that lie below {@code end}, a bit for each. */
  long take(int group, int end) {
    int at = group & (bits.length - 1);
    int left = end - group * Long.SIZE;
    long taken = left < Long.SIZE ? bits[at] & ((1L << left) - 1) : bits[at];
    bits[at] ^= taken;
    return taken;
  }
}
