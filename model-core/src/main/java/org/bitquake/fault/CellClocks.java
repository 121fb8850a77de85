package org.bitquake.fault;

/**
 * Cells that fail anew for each image, without looking at those that do not.
 *
 * <p>Each cell has a clock that rings at the times of a Poisson process of rate 1, independent of
 * all others. A cell is faulty at rate p if it has rung before −log(1 − p): with probability 1 −
 * e^log(1 − p) = p. So its mark, 1 − e^−(time of its first ring), is uniform on [0, 1), and faults
 * at a lower rate are a subset of those at a higher one.
 *
 * <p>The clocks of one bit of {@link #BLOCK} neighbouring words together ring as a process of rate
 * {@link #BLOCK}: in each span of 6/512 a Poisson number of times with mean {@link #MEAN}, at times
 * that are uniform in the span, each ring that of any cell alike. Spans are drawn one after the
 * other, all rings of each, up to the one that the rate lies in.
 *
 * <p>The words of a block's rings come from SplitMix64 (Steele, Lea, Flood, "Fast splittable
 * pseudorandom number generators", 2014, <a
 * href="https://doi.org/10.1145/2660193.2660195">doi:10.1145/2660193.2660195</a>): for each span
 * one for the number of rings, then one for each ring, bits 0 to 8 for the cell and 11 to 63 for
 * the time. Its seed is word (bit mod 4) of {@link Philox}, keyed by (seed, trial), of the counter
 * (⌊bit / 4⌋, image, (tensor + 1, block), {@link Philox#CLOCKS}). So a mark is a function of seed,
 * trial, image, tensor, word and bit, whatever the size of the tensor and the bits of its codes.
 */
final class CellClocks {
  private static final int BLOCK_BITS = 9;

  /** Words of a block. */
  static final int BLOCK = 1 << BLOCK_BITS;

  /** Rings of a block in a span. */
  static final int MEAN = 6; // so that a rate of 1 % lies in the first span

  private static final double SPANS = (double) BLOCK / MEAN; // of a unit of time
  private static final int MOST = 64; // rings of a span: more come with probability below 10⁻⁴⁰
  private static final int GUIDE_BITS = 8;
  private static final double[] AT_MOST = atMost();
  private static final byte[] GUIDE = guide();

  /** The faulty bits of each word of the block; those not named in {@link #touched} are 0. */
  final byte[] masks = new byte[BLOCK];

  /** The words of the block with faulty bits. */
  final int[] touched = new int[BLOCK];

  private int count;

  /** The probability of at most n rings in a span. */
  private static double[] atMost() {
    double[] atMost = new double[MOST];
    double term = StrictMath.exp(-MEAN);
    double sum = 0;
    for (int n = 0; n < MOST; n++) {
      sum += term;
      atMost[n] = sum;
      term = term * MEAN / (n + 1);
    }
    atMost[MOST - 1] = 1;
    return atMost;
  }

  /** The fewest rings where a number on [0, 1) begins with these bits. */
  private static byte[] guide() {
    byte[] guide = new byte[1 << GUIDE_BITS];
    for (int i = 0; i < guide.length; i++) {
      guide[i] = (byte) from(0, (double) i / guide.length);
    }
    return guide;
  }

  /** The least n whose {@link #AT_MOST} is above u. */
  private static int from(int least, double u) {
    int n = least;
    while (AT_MOST[n] <= u) {
      n++;
    }
    return n;
  }

  private static int rings(long word) {
    int first = (int) (word >>> (Long.SIZE - GUIDE_BITS));
    return from(GUIDE[first], Philox.unitClosedOpen(word));
  }

  /** The time that a rate lies at, in spans. */
  static double spans(double rate) {
    return -SPANS * StrictMath.log1p(-rate);
  }

  /**
   * Draws a block into {@link #masks} and {@link #touched}.
   *
   * @param words of the block that there are
   * @param bits of a word
   * @param until {@link #spans} of the rate
   * @return how many words have faulty bits; the caller clears their masks
   */
  int draw(Philox random, int image, int tensor, int block, int words, int bits, double until) {
    count = 0;
    if (until == Double.POSITIVE_INFINITY) {
      for (int word = 0; word < words; word++) {
        touch(word, (1 << bits) - 1);
      }
      return count;
    }
    long stream = ((tensor + 1L) << Integer.SIZE) | block;
    for (int bit = 0; bit < bits; bit++) {
      if (bit % 4 == 0) {
        random.block(bit / 4, image, stream, Philox.CLOCKS);
      }
      ring(random.word(bit % 4), words, 1 << bit, until);
    }
    return count;
  }

  private void ring(long seed, int words, int bit, double until) {
    long state = seed;
    for (int span = 0; span < until; span++) {
      state += Philox.WEYL_0;
      int rings = rings(mix(state));
      for (int i = 0; i < rings; i++) {
        state += Philox.WEYL_0;
        long random = mix(state);
        int word = (int) random & (BLOCK - 1);
        if (span + Philox.unitClosedOpen(random) < until && word < words) {
          touch(word, bit);
        }
      }
    }
  }

  private static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private void touch(int word, int bits) {
    if (masks[word] == 0) {
      touched[count++] = word;
    }
    masks[word] |= (byte) bits;
  }
}
