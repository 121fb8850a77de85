package org.bitquake.fault.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.bitquake.fault.Philox;

/**
 * A vector of blocks at a time: the same words as {@link Philox}, and logarithms by a polynomial.
 * Loads only where the module {@code jdk.incubator.vector} does.
 */
final class BlockLanes {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  /** Blocks of a vector. */
  static final int WIDTH = LONGS.length();

  private static final long LOW = 0xFFFF_FFFFL;

  /** Bits of 2⁵²: its last 32 bits hold an integer. */
  private static final long TWO_52 = 0x4330_0000_0000_0000L;

  /** Bits of 2⁸⁴: its last 32 bits hold an integer times 2³². */
  private static final long TWO_84 = 0x4530_0000_0000_0000L;

  private static final long ONE = 0x3FF0_0000_0000_0000L;
  private static final long MANTISSA = 0xF_FFFF_FFFF_FFFFL;
  private static final int DEGREE = 11;
  private static final double[] LOG = logarithm();
  private static final double LN_2 = StrictMath.log(2);
  private static final LongVector LOW_BITS = LongVector.broadcast(LONGS, LOW);
  private static final LongVector FACTOR_0 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_0);
  private static final LongVector FACTOR_1 = LongVector.broadcast(LONGS, Philox.MULTIPLIER_1);
  private static final LongVector LOW_0 = FACTOR_0.and(LOW);
  private static final LongVector LOW_1 = FACTOR_1.and(LOW);
  private static final LongVector HIGH_0 = FACTOR_0.lanewise(VectorOperators.LSHR, 32);
  private static final LongVector HIGH_1 = FACTOR_1.lanewise(VectorOperators.LSHR, 32);

  private BlockLanes() {}

  /** See {@link org.bitquake.fault.BlockKernels#blocks}. */
  static void blocks(
      Philox random,
      long[] counter0,
      long counter1,
      long[] counter2,
      long counter3,
      int count,
      long[] evenWords,
      long[] oddWords,
      int half) {
    LongVector second = LongVector.broadcast(LONGS, counter1);
    LongVector fourth = LongVector.broadcast(LONGS, counter3);
    for (int i = 0; i < count; i += WIDTH) {
      LongVector c0 = LongVector.fromArray(LONGS, counter0, i);
      LongVector c1 = second;
      LongVector c2 = LongVector.fromArray(LONGS, counter2, i);
      LongVector c3 = fourth;
      LongVector k0 = LongVector.broadcast(LONGS, random.key0());
      LongVector k1 = LongVector.broadcast(LONGS, random.key1());
      for (int round = 0; round < Philox.ROUNDS; round++) {
        LongVector high0 = multiplyHigh(c0, LOW_0, HIGH_0);
        LongVector high1 = multiplyHigh(c2, LOW_1, HIGH_1);
        LongVector low0 = c0.mul(FACTOR_0);
        LongVector low1 = c2.mul(FACTOR_1);
        c0 = high1.lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, k0);
        c2 = high0.lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, k1);
        c1 = low1;
        c3 = low0;
        k0 = k0.add(Philox.WEYL_0);
        k1 = k1.add(Philox.WEYL_1);
      }
      c0.intoArray(evenWords, i);
      c1.intoArray(oddWords, i);
      c2.intoArray(evenWords, half + i);
      c3.intoArray(oddWords, half + i);
    }
  }

  /**
   * See {@link org.bitquake.fault.BlockKernels#logarithms}. In a loop of its own: together with
   * that of {@link #blocks} it would be more than the compiler inlines.
   */
  static void logarithms(long[] words, int from, int count, double[] scales, double[] results) {
    for (int i = 0; i < count; i += WIDTH) {
      logarithm(LongVector.fromArray(LONGS, words, from + i))
          .mul(DoubleVector.fromArray(DOUBLES, scales, i))
          .intoArray(results, from + i);
    }
  }

  /** The upper halves of unsigned 128-bit products, from four products of 32 bits. */
  private static LongVector multiplyHigh(
      LongVector a, LongVector lowFactor, LongVector highFactor) {
    LongVector low = a.and(LOW_BITS);
    LongVector high = a.lanewise(VectorOperators.LSHR, 32);
    LongVector middle =
        low.mul(highFactor).add(low.mul(lowFactor).lanewise(VectorOperators.LSHR, 32));
    LongVector carry = high.mul(lowFactor).add(middle.and(LOW_BITS));
    return high.mul(highFactor)
        .add(middle.lanewise(VectorOperators.LSHR, 32))
        .add(carry.lanewise(VectorOperators.LSHR, 32));
  }

  /** Exponent · log 2 + log(mantissa). */
  private static DoubleVector logarithm(LongVector words) {
    LongVector n = words.lanewise(VectorOperators.LSHR, 11).add(1);
    DoubleVector high =
        n.lanewise(VectorOperators.LSHR, 32)
            .lanewise(VectorOperators.OR, TWO_84)
            .reinterpretAsDoubles();
    DoubleVector low = n.and(LOW).lanewise(VectorOperators.OR, TWO_52).reinterpretAsDoubles();
    LongVector raw = high.sub(0x1p84 + 0x1p52).add(low).reinterpretAsLongs();
    DoubleVector exponent =
        raw.lanewise(VectorOperators.LSHR, 52)
            .lanewise(VectorOperators.OR, TWO_52)
            .reinterpretAsDoubles()
            .sub(0x1p52 + 1023 + 53);
    DoubleVector t =
        raw.and(MANTISSA).lanewise(VectorOperators.OR, ONE).reinterpretAsDoubles().mul(2).sub(3);
    DoubleVector sum = DoubleVector.broadcast(t.species(), LOG[DEGREE]);
    for (int power = DEGREE - 1; power >= 0; power--) {
      sum = sum.fma(t, DoubleVector.broadcast(DOUBLES, LOG[power]));
    }
    return exponent.mul(LN_2).add(sum);
  }

  /**
   * Coefficients of a polynomial that is log(1.5 + t/2) on [−1, 1] within 2·10⁻¹⁰. With z = 3 − √8,
   * 1.5 + t/2 = (1 + z² + 2zt) / 4z, whose logarithm is −log 4z + 2 Σ (−1)ᵏ⁺¹ zᵏ/k · T_k(t), T_k
   * Chebyshev's polynomials; what is cut off is below 2 z¹² / (12 (1 − z)).
   */
  private static double[] logarithm() {
    double z = 3 - Math.sqrt(8);
    double[] sum = new double[DEGREE + 1];
    double[] before = new double[DEGREE + 1];
    double[] chebyshev = new double[DEGREE + 1];
    before[0] = 1;
    chebyshev[1] = 1;
    sum[0] = -StrictMath.log(4 * z);
    double weight = 2 * z;
    for (int k = 1; k <= DEGREE; k++) {
      double[] next = new double[DEGREE + 1];
      for (int power = 0; power <= k; power++) {
        sum[power] += weight / k * chebyshev[power];
        if (power < DEGREE) {
          next[power + 1] += 2 * chebyshev[power];
        }
        next[power] -= before[power];
      }
      before = chebyshev;
      chebyshev = next;
      weight *= -z;
    }
    return sum;
  }
}
