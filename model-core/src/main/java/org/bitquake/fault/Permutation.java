package org.bitquake.fault;

import org.bitquake.Text;

/**
 * A keyed pseudo-random order of the numbers 0 … N − 1, each computed alone: the first n of them
 * are a sample without replacement that nobody has to list.
 *
 * <p>A Feistel network of {@link Philox} words on 2k bits, 4^k ≥ N, is a bijection whatever its
 * round function (Luby and Rackoff, 1988, <a
 * href="https://doi.org/10.1137/0217022">doi:10.1137/0217022 </a>); walking its cycle until the
 * value is below N restricts it to 0 … N − 1 (Black and Rogaway, "Ciphers with arbitrary finite
 * domains", 2002, <a
 * href="https://doi.org/10.1007/3-540-45760-7_9">doi:10.1007/3-540-45760-7_9</a>), in fewer than
 * four steps on average. Not thread-safe.
 */
final class Permutation {
  private static final int ROUNDS = 10;

  private final Philox random;
  private final long size;
  private final int halfBits;
  private final long mask;

  /**
   * @param seed of the campaign
   * @param stream tells the permutations of one seed apart
   * @param size N, 1 to 2⁶²
   */
  Permutation(long seed, long stream, long size) {
    if (size < 1 || size > 1L << 62) {
      throw new IllegalArgumentException(Text.of("no permutation of %d numbers", size));
    }
    this.random = new Philox(seed, stream);
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.mask = (1L << halfBits) - 1;
  }

  /**
   * The number at a position of the order.
   *
   * @param position 0 … N − 1
   */
  long at(long position) {
    if (position < 0 || position >= size) {
      throw new IllegalArgumentException(Text.of("position %d of %d", position, size));
    }
    long value = position;
    do {
      value = cipher(value);
    } while (value >= size);
    return value;
  }

  private long cipher(long value) {
    long left = value >>> halfBits;
    long right = value & mask;
    for (int round = 0; round < ROUNDS; round++) {
      random.block(right, round, size, Philox.SINGLE_FAULTS);
      long next = left ^ (random.word0 & mask);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
