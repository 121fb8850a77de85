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

  /** Adds places from {@code first} on, a bit for each, that lie below {@code end}. */
  void addAll(int first, long places, int end) {
    long its = places & below(end - first);
    int at = first >> 6;
    bits[at & (bits.length - 1)] |= its << first;
    bits[(at + 1) & (bits.length - 1)] |= (its >>> 1) >>> ~first; // by 64 − first, or by all 64
  }

  private static long below(int end) {
    return end >= Long.SIZE ? -1L : (1L << Math.max(end, 0)) - 1;
  }

  /** Takes out the places of a group of 64 that lie below {@code end}, a bit for each. */
  long take(int group, int end) {
    int at = group & (bits.length - 1);
    long taken = bits[at] & below(end - group * Long.SIZE);
    bits[at] ^= taken;
    return taken;
  }
}
