package org.bitquake.protect;

import java.util.Arrays;
import org.bitquake.fault.Coder;
import org.bitquake.fault.Encoding;

/** The check bits that are written with codes, a byte each: 0, or −1 where one is set. */
final class CheckBits {
  private final ProtectedLayout layout;
  private final int columns;
  private byte[][] codes = {};
  private Encoding encoding = Encoding.TWOS_COMPLEMENT;
  private byte[][] bits = {};

  /**
   * @param columns check columns of each word
   */
  CheckBits(ProtectedLayout layout, int columns) {
    this.layout = layout;
    this.columns = columns;
  }

  /**
   * Those of codes, computed if the last ones were not of these.
   *
   * @param codes {@code [weight layer][code]}; the same array must always hold the same codes
   * @return {@code [weight layer][word · columns + check]}
   */
  byte[][] of(byte[][] codes, Encoding encoding) {
    if (this.codes != codes || this.encoding != encoding) {
      bits = new byte[codes.length][];
      for (int layer = 0; layer < codes.length; layer++) {
        int words = Math.toIntExact(layout.data().words(layer));
        bits[layer] = new byte[words * columns];
        write(layout.words(layer), codes[layer], encoding, bits[layer]);
      }
      this.codes = codes;
      this.encoding = encoding;
    }
    return bits;
  }

  private void write(WordChecks its, byte[] codes, Encoding encoding, byte[] bits) {
    var coder = new Coder(encoding, its.bits);
    int[] sums = new int[its.words.size()];
    for (int first = 0, word = 0; first < codes.length; first += its.codesPerWord, word++) {
      Arrays.fill(sums, 0);
      int end = Math.min(first + its.codesPerWord, codes.length);
      for (int weight = first; weight < end; weight++) {
        add(its, (weight - first) * its.bits, coder.cells(codes[weight]), sums);
      }
      for (int check = 0; check < its.checks(); check++) {
        boolean isSet = (sums[its.wordOfCheck[check]] & its.columnOfCheck[check]) != 0;
        bits[word * columns + check] = (byte) (isSet ? -1 : 0);
      }
    }
  }

  /** Adds the columns of those bits of a weight that are set to the sums of their code words. */
  private static void add(WordChecks its, int first, int cells, int[] sums) {
    for (int rest = cells; rest != 0; rest &= rest - 1) {
      int position = first + Integer.numberOfTrailingZeros(rest);
      if (its.wordOfBit[position] != WordChecks.NONE) {
        sums[its.wordOfBit[position]] ^= its.columnOfBit[position];
      }
    }
  }
}
