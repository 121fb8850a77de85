package org.bitquake.fault;

/**
 * The counter-based generator Philox4x64-10: a bijection of 256-bit counters, keyed by 128 bits.
 *
 * <p>Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC '11, <a
 * href="https://doi.org/10.1145/2063384.2063405">doi:10.1145/2063384.2063405</a>. Any block can be
 * computed alone, so a random number is a function of its key and counter and of nothing else.
 * Written out here because a trial opens hundreds of short streams, and a generator object for each
 * would cost more than its numbers.
 *
 * <p>The fourth counter word tells the users of one key apart: {@link #FAULTS}, {@link #IMAGES},
 * {@link #DIRECTIONS}, {@link #PROBES}, {@link #SINGLE_FAULTS}, {@link #EVENTS}, {@link
 * #EVENT_WORDS}, {@link #CHOICES}, {@link #CLOCKS}, {@link #TARGETS}, {@link #TRAINING}.
 */
public final class Philox {
  /** Fourth counter word of the marks of memory cells. */
  static final long FAULTS = 0;

  /** Fourth counter word of the choice of images. */
  static final long IMAGES = 1;

  /** Fourth counter word of random directions through the space of weights. */
  public static final long DIRECTIONS = 2;

  /** Fourth counter word of random signs that probe an operator. */
  public static final long PROBES = 3;

  /** Fourth counter word of the order in which single faults are drawn. */
  static final long SINGLE_FAULTS = 4;

  /** Fourth counter word of the marks of events in a memory's arrays. */
  static final long EVENTS = 5;

  /** Fourth counter word of other numbers that patterns of events need. */
  static final long EVENT_WORDS = 6;

  /** Fourth counter word of what each faulty cell reads, where cells differ. */
  static final long CHOICES = 7;

  /** Fourth counter word of the clocks of cells that fail anew for each image. */
  static final long CLOCKS = 8;

  /** Fourth counter word of the seeds of memories other than that of weights. */
  static final long TARGETS = 9;

  /** Fourth counter word of the seeds of faults in training, which no campaign's are. */
  public static final long TRAINING = 10;

  public static final long MULTIPLIER_0 = 0xD2E7470EE14C6C93L;
  public static final long MULTIPLIER_1 = 0xCA5A826395121157L;
  public static final long WEYL_0 = 0x9E3779B97F4A7C15L;
  public static final long WEYL_1 = 0xBB67AE8584CAA73BL;
  public static final int ROUNDS = 10;
  private static final double ULP = 0x1p-53;

  private final long key0;
  private final long key1;

  /** The four words of the last block. */
  long word0;

  long word1;
  long word2;
  long word3;

  public Philox(long key0, long key1) {
    this.key0 = key0;
    this.key1 = key1;
  }

  public long key0() {
    return key0;
  }

  public long key1() {
    return key1;
  }

  /** Computes the four words of one counter. */
  public void block(long counter0, long counter1, long counter2, long counter3) {
    long c0 = counter0;
    long c1 = counter1;
    long c2 = counter2;
    long c3 = counter3;
    long k0 = key0;
    long k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long high0 = unsignedMultiplyHigh(c0, MULTIPLIER_0);
      long high1 = unsignedMultiplyHigh(c2, MULTIPLIER_1);
      long low0 = c0 * MULTIPLIER_0;
      long low1 = c2 * MULTIPLIER_1;
      c0 = high1 ^ c1 ^ k0;
      c2 = high0 ^ c3 ^ k1;
      c1 = low1;
      c3 = low0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    word0 = c0;
    word1 = c1;
    word2 = c2;
    word3 = c3;
  }

  /** Word 0 … 3 of the last block. */
  public long word(int i) {
    return switch (i) {
      case 0 -> word0;
      case 1 -> word1;
      case 2 -> word2;
      default -> word3;
    };
  }

  /** Uniform on (0, 1], a multiple of 2⁻⁵³: safe under a logarithm. */
  public static double unitOpenClosed(long word) {
    return ((word >>> 11) + 1) * ULP;
  }

  /** Uniform on (0, 1), an odd multiple of 2⁻⁵³. */
  public static double unitOpen(long word) {
    return ((word >>> 12) + 0.5) * 0x1p-52;
  }

  /** Uniform on [0, 1), a multiple of 2⁻⁵³. */
  public static double unitClosedOpen(long word) {
    return (word >>> 11) * ULP;
  }

  /** The upper half of the unsigned 128-bit product. */
  static long unsignedMultiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
