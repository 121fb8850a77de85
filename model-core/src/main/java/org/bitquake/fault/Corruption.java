package org.bitquake.fault;

import java.util.Arrays;
import org.bitquake.Text;

/** What every set of faulty cells makes of every code of one width: a table, built once. */
final class Corruption {
  private static final short NONE = Short.MAX_VALUE;

  private final Encoding encoding;
  private final int bits;
  private final int half;

  /** The code read for each code and set of faulty cells; {@link #NONE} for what is no code. */
  private final short[] after;

  /** Those of the stored bits that are read as the other value, likewise. */
  private final short[] wrong;

  /** Whether every faulty cell reads as the other value, whatever it holds. */
  private final boolean flips;

  Corruption(CellEffect effect, Encoding encoding, int bits) {
    this.encoding = encoding;
    this.bits = bits;
    half = 1 << (bits - 1);
    after = new short[1 << (2 * bits)];
    wrong = new short[after.length];
    Arrays.fill(after, NONE);
    Arrays.fill(wrong, NONE);
    boolean flips = true;
    for (int code = -half; code < half; code++) {
      for (int mask = 0; mask < 1 << bits && encoding.represents(code, bits); mask++) {
        int stored = encoding.encode(code, bits);
        int cells = effect.apply(stored, bits, mask, 0, 0);
        after[index(code, mask)] = (short) encoding.decode(cells, bits);
        wrong[index(code, mask)] = (short) (stored ^ cells);
        flips &= (stored ^ cells) == mask;
      }
    }
    this.flips = flips;
  }

  /**
   * The code that is read where {@code code} was written and the cells in {@code mask} are faulty.
   */
  byte apply(byte code, int mask) {
    short read = after[index(code, mask)];
    if (read == NONE) {
      throw notACode(code);
    }
    return (byte) read;
  }

  /** Those of the stored bits that are read as the other value. */
  int wrong(byte code, int mask) {
    short its = wrong[index(code, mask)];
    if (its == NONE) {
      throw notACode(code);
    }
    return its;
  }

  /** Whether every faulty cell reads as the other value, so that no code need be known. */
  boolean flips() {
    return flips;
  }

  private IllegalArgumentException notACode(byte code) {
    return new IllegalArgumentException(
        Text.of("%s has no %d-bit code %d", encoding.label(), bits, code));
  }

  private int index(int code, int mask) {
    return ((code + half) << bits) | mask;
  }
}
