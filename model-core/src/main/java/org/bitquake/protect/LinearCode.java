package org.bitquake.protect;

import java.util.Arrays;
import org.bitquake.Text;

/**
 * A binary linear code of k data bits and r check bits, systematic, with its decoder. Data bit i
 * has a column of r bits, check bit j the column 1 &lt;&lt; j; the check bits written are the sum
 * modulo 2 of the columns of the data bits that are 1. What is read has a <b>syndrome</b>, the sum
 * of the columns of its wrong bits, and a decoder sees nothing else of them: it is a table by
 * syndrome.
 */
public final class LinearCode {
  public static final int MOST_DATA_BITS = 64;
  public static final int MOST_CHECK_BITS = 16;

  private final int checkBits;
  private final int[] columns;

  /** What the decoder flips, by syndrome: a bit for each data bit. */
  private final long[] flips;

  /** Whether it gives up, by syndrome. */
  private final boolean[] detected;

  private LinearCode(int checkBits, int[] columns) {
    this.checkBits = checkBits;
    this.columns = columns;
    flips = new long[1 << checkBits];
    detected = new boolean[1 << checkBits];
    Arrays.fill(detected, true);
    detected[0] = false;
  }

  /**
   * The code whose decoder corrects every pattern of so many wrong bits, and only detects what is
   * left.
   *
   * @param columns of the data bits, r bits each
   * @param corrected 0, 1 or 2
   * @throws IllegalArgumentException if two such patterns have one syndrome, or too many bits
   */
  static LinearCode of(int checkBits, int[] columns, int corrected) {
    if (columns.length < 1
        || columns.length > MOST_DATA_BITS
        || checkBits < 1
        || checkBits > MOST_CHECK_BITS) {
      throw new IllegalArgumentException(
          Text.of("no code of %d data and %d check bits", columns.length, checkBits));
    }
    var code = new LinearCode(checkBits, columns.clone());
    int bits = columns.length + checkBits;
    for (int first = 0; first < bits && corrected >= 1; first++) {
      code.correct(code.column(first), code.flip(first));
      for (int second = 0; second < first && corrected == 2; second++) {
        code.correct(
            code.column(first) ^ code.column(second), code.flip(first) ^ code.flip(second));
      }
    }
    return code;
  }

  private void correct(int syndrome, long flip) {
    if (!detected[syndrome]) {
      throw new IllegalArgumentException("two patterns to correct have the same syndrome");
    }
    detected[syndrome] = false;
    flips[syndrome] = flip;
  }

  private long flip(int bit) {
    return bit < columns.length ? 1L << bit : 0;
  }

  public int dataBits() {
    return columns.length;
  }

  public int checkBits() {
    return checkBits;
  }

  /** The column of a bit; check bits follow the data bits. */
  public int column(int bit) {
    return bit < columns.length ? columns[bit] : 1 << (bit - columns.length);
  }

  /** The check bits that are written with data. */
  public int encode(long data) {
    int checks = 0;
    for (long rest = data; rest != 0; rest &= rest - 1) {
      checks ^= columns[Long.numberOfTrailingZeros(rest)];
    }
    return checks;
  }

  /** The data bits that the decoder flips. */
  public long flips(int syndrome) {
    return flips[syndrome];
  }

  /** Whether the decoder knows that bits are wrong but not which. */
  public boolean isDetected(int syndrome) {
    return detected[syndrome];
  }
}
