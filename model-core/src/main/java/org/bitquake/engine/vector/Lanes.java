package org.bitquake.engine.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.OR;
import static org.bitquake.HalfEven.ROUND;
import static org.bitquake.HalfEven.ROUND_BITS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops, on whole vectors of the widest kind that this processor has. They read and
 * write up to a vector beyond what is asked for; {@link Tensor} leaves room for that.
 *
 * <p>C2 keeps the accumulators in registers only where they are local variables of one flat loop,
 * and where it knows their class: with vectors of two widths of one element type in a process it
 * may not, and everything is a thousand times slower. So there is one width here, and 32-bit work
 * is done on the even and the odd lanes of a 16-bit vector apart.
 *
 * <p>Hence also loops that are written out twice, for eight outputs and for six, and again for
 * floats in {@code org.bitquake.landscape.vector.FloatLanes}. One loop with a flag for the last two
 * outputs allocates 38 kB a call and takes six times as long for eight; with a method for a product
 * and its addition C2 runs out of what it inlines, and eight take more than three times as long.
 */
final class Lanes {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** As many bytes as {@link #SHORTS} has shorts. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));

  /** Shorts in a vector. */
  static final int WIDTH = SHORTS.length();

  /** Lanes that are summed at once. */
  static final int CHUNK = 2 * WIDTH;

  private static final int HALF = Short.SIZE;

  /** Ints in a vector. */
  static final int STEP = INTS.length();

  private Lanes() {}

  /**
   * {@code out[o][lane] = Σ_t w[o][t] · in[base + offset[t] + lane]} in wrapping 16-bit arithmetic,
   * for eight outputs and {@link #CHUNK} lanes, over the taps {@code from … to − 1}.
   *
   * @param w0 where the first output's weights start; the next one's follow {@code stride} later
   * @param at where the first output's sums go; the next one's go {@code outStride} later
   */
  static void eightOutputs(
      short[] in,
      int base,
      int[] offset,
      int from,
      int to,
      int w0,
      int stride,
      short[] w,
      short[] out,
      int at,
      int outStride) {
    var a0 = ShortVector.zero(SHORTS);
    var a1 = a0;
    var b0 = a0;
    var b1 = a0;
    var c0 = a0;
    var c1 = a0;
    var d0 = a0;
    var d1 = a0;
    var e0 = a0;
    var e1 = a0;
    var f0 = a0;
    var f1 = a0;
    var g0 = a0;
    var g1 = a0;
    var h0 = a0;
    var h1 = a0;
    for (int t = from; t < to; t++) {
      int p = base + offset[t];
      var x0 = ShortVector.fromArray(SHORTS, in, p);
      var x1 = ShortVector.fromArray(SHORTS, in, p + WIDTH);
      var u = ShortVector.broadcast(SHORTS, w[w0 + t]);
      a0 = a0.add(x0.mul(u));
      a1 = a1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + stride + t]);
      b0 = b0.add(x0.mul(u));
      b1 = b1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 2 * stride + t]);
      c0 = c0.add(x0.mul(u));
      c1 = c1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 3 * stride + t]);
      d0 = d0.add(x0.mul(u));
      d1 = d1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 4 * stride + t]);
      e0 = e0.add(x0.mul(u));
      e1 = e1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 5 * stride + t]);
      f0 = f0.add(x0.mul(u));
      f1 = f1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 6 * stride + t]);
      g0 = g0.add(x0.mul(u));
      g1 = g1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 7 * stride + t]);
      h0 = h0.add(x0.mul(u));
      h1 = h1.add(x1.mul(u));
    }
    a0.intoArray(out, at);
    a1.intoArray(out, at + WIDTH);
    b0.intoArray(out, at + outStride);
    b1.intoArray(out, at + outStride + WIDTH);
    c0.intoArray(out, at + 2 * outStride);
    c1.intoArray(out, at + 2 * outStride + WIDTH);
    d0.intoArray(out, at + 3 * outStride);
    d1.intoArray(out, at + 3 * outStride + WIDTH);
    e0.intoArray(out, at + 4 * outStride);
    e1.intoArray(out, at + 4 * outStride + WIDTH);
    f0.intoArray(out, at + 5 * outStride);
    f1.intoArray(out, at + 5 * outStride + WIDTH);
    g0.intoArray(out, at + 6 * outStride);
    g1.intoArray(out, at + 6 * outStride + WIDTH);
    h0.intoArray(out, at + 7 * outStride);
    h1.intoArray(out, at + 7 * outStride + WIDTH);
  }

  /** As {@link #eightOutputs}, for six. */
  static void sixOutputs(
      short[] in,
      int base,
      int[] offset,
      int from,
      int to,
      int w0,
      int stride,
      short[] w,
      short[] out,
      int at,
      int outStride) {
    var a0 = ShortVector.zero(SHORTS);
    var a1 = a0;
    var b0 = a0;
    var b1 = a0;
    var c0 = a0;
    var c1 = a0;
    var d0 = a0;
    var d1 = a0;
    var e0 = a0;
    var e1 = a0;
    var f0 = a0;
    var f1 = a0;
    for (int t = from; t < to; t++) {
      int p = base + offset[t];
      var x0 = ShortVector.fromArray(SHORTS, in, p);
      var x1 = ShortVector.fromArray(SHORTS, in, p + WIDTH);
      var u = ShortVector.broadcast(SHORTS, w[w0 + t]);
      a0 = a0.add(x0.mul(u));
      a1 = a1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + stride + t]);
      b0 = b0.add(x0.mul(u));
      b1 = b1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 2 * stride + t]);
      c0 = c0.add(x0.mul(u));
      c1 = c1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 3 * stride + t]);
      d0 = d0.add(x0.mul(u));
      d1 = d1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 4 * stride + t]);
      e0 = e0.add(x0.mul(u));
      e1 = e1.add(x1.mul(u));
      u = ShortVector.broadcast(SHORTS, w[w0 + 5 * stride + t]);
      f0 = f0.add(x0.mul(u));
      f1 = f1.add(x1.mul(u));
    }
    a0.intoArray(out, at);
    a1.intoArray(out, at + WIDTH);
    b0.intoArray(out, at + outStride);
    b1.intoArray(out, at + outStride + WIDTH);
    c0.intoArray(out, at + 2 * outStride);
    c1.intoArray(out, at + 2 * outStride + WIDTH);
    d0.intoArray(out, at + 3 * outStride);
    d1.intoArray(out, at + 3 * outStride + WIDTH);
    e0.intoArray(out, at + 4 * outStride);
    e1.intoArray(out, at + 4 * outStride + WIDTH);
    f0.intoArray(out, at + 5 * outStride);
    f1.intoArray(out, at + 5 * outStride + WIDTH);
  }

  /**
   * Adds up runs in 32 bits. The sums of a vector's even lanes come first in {@code out}, then
   * those of its odd lanes: see {@link #place}. A vector carried through the loop over runs would
   * be an object, so the lanes are the inner loop.
   */
  static void addRuns(short[] sums, int at, int runs, int stride, int lanes, int[] out) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = ShortVector.fromArray(SHORTS, sums, at + i).reinterpretAsInts();
      x.lanewise(LSHL, HALF).lanewise(ASHR, HALF).intoArray(out, i);
      x.lanewise(ASHR, HALF).intoArray(out, i + STEP);
    }
    for (int r = 1; r < runs; r++) {
      int from = at + r * stride;
      for (int i = 0; i < lanes; i += WIDTH) {
        var x = ShortVector.fromArray(SHORTS, sums, from + i).reinterpretAsInts();
        var even = x.lanewise(LSHL, HALF).lanewise(ASHR, HALF);
        var odd = x.lanewise(ASHR, HALF);
        IntVector.fromArray(INTS, out, i).add(even).intoArray(out, i);
        IntVector.fromArray(INTS, out, i + STEP).add(odd).intoArray(out, i + STEP);
      }
    }
  }

  /** Where {@link #addRuns} leaves the sum of a lane. */
  static int place(int lane) {
    return lane / WIDTH * WIDTH + lane % 2 * STEP + lane % WIDTH / 2;
  }

  /**
   * {@code out = rint(clip((sum + bias) · scale, 0, max))} for {@code lanes} lanes.
   *
   * @param sum as {@link #addRuns} leaves it
   */
  static void requantise(
      int[] sum, int lanes, float bias, float scale, int max, short[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = (FloatVector) IntVector.fromArray(INTS, sum, i).convertShape(I2F, FLOATS, 0);
      var y = (FloatVector) IntVector.fromArray(INTS, sum, i + STEP).convertShape(I2F, FLOATS, 0);
      var even = x.add(bias).mul(scale).add(ROUND).reinterpretAsInts();
      var odd = y.add(bias).mul(scale).add(ROUND).reinterpretAsInts();
      even = even.max(ROUND_BITS).min(ROUND_BITS + max).sub(ROUND_BITS);
      odd = odd.max(ROUND_BITS).min(ROUND_BITS + max).sub(ROUND_BITS).lanewise(LSHL, HALF);
      even.or(odd).reinterpretAsShorts().intoArray(out, to + i);
    }
  }

  /** {@code out = rint(clip(fma(ratio, residual, (sum + bias) · scale), 0, max))}. */
  static void requantise(
      int[] sum,
      int lanes,
      float bias,
      float scale,
      float ratio,
      short[] residual,
      int second,
      int max,
      short[] out,
      int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var r = ShortVector.fromArray(SHORTS, residual, second + i).reinterpretAsInts();
      var r0 =
          (FloatVector) r.lanewise(LSHL, HALF).lanewise(ASHR, HALF).convertShape(I2F, FLOATS, 0);
      var r1 = (FloatVector) r.lanewise(ASHR, HALF).convertShape(I2F, FLOATS, 0);
      var x = (FloatVector) IntVector.fromArray(INTS, sum, i).convertShape(I2F, FLOATS, 0);
      var y = (FloatVector) IntVector.fromArray(INTS, sum, i + STEP).convertShape(I2F, FLOATS, 0);
      var ratios = FloatVector.broadcast(FLOATS, ratio);
      var even = ratios.fma(r0, x.add(bias).mul(scale)).add(ROUND).reinterpretAsInts();
      var odd = ratios.fma(r1, y.add(bias).mul(scale)).add(ROUND).reinterpretAsInts();
      even = even.max(ROUND_BITS).min(ROUND_BITS + max).sub(ROUND_BITS);
      odd = odd.max(ROUND_BITS).min(ROUND_BITS + max).sub(ROUND_BITS).lanewise(LSHL, HALF);
      even.or(odd).reinterpretAsShorts().intoArray(out, to + i);
    }
  }

  /** {@code out = max(out, in)}. */
  static void maximum(short[] in, int from, int lanes, short[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = ShortVector.fromArray(SHORTS, in, from + i);
      ShortVector.fromArray(SHORTS, out, to + i).max(x).intoArray(out, to + i);
    }
  }

  /** {@code out} = the maximum of the lanes at a, a + next, b and b + next. */
  static void maximumOfFour(short[] in, int a, int b, int next, int lanes, short[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x0 = ShortVector.fromArray(SHORTS, in, a + i);
      var x1 = ShortVector.fromArray(SHORTS, in, a + next + i);
      var x2 = ShortVector.fromArray(SHORTS, in, b + i);
      var x3 = ShortVector.fromArray(SHORTS, in, b + next + i);
      x0.max(x1).max(x2.max(x3)).intoArray(out, to + i);
    }
  }

  /** {@code out += in}. */
  static void add(short[] in, int from, int lanes, short[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = ShortVector.fromArray(SHORTS, in, from + i);
      ShortVector.fromArray(SHORTS, out, to + i).add(x).intoArray(out, to + i);
    }
  }

  /** {@code out += factor · in}, no lane beyond. */
  static void addMultiple(int[] in, int from, int factor, int[] out, int to, int lanes) {
    int whole = INTS.loopBound(lanes);
    for (int i = 0; i < whole; i += STEP) {
      var x = IntVector.fromArray(INTS, in, from + i).mul(factor);
      IntVector.fromArray(INTS, out, to + i).add(x).intoArray(out, to + i);
    }
    for (int i = whole; i < lanes; i++) {
      out[to + i] += factor * in[from + i];
    }
  }

  /**
   * Copies codes to 16-bit weights.
   *
   * @return the codes, each less {@code low}, or-ed together: negative or above the largest
   *     difference allowed if one of them is out of range
   */
  static int widen(byte[] codes, int from, int count, int low, short[] w, int to) {
    var seen = ShortVector.zero(SHORTS);
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
      var x =
          (ShortVector) ByteVector.fromArray(BYTES, codes, from + i).convertShape(B2S, SHORTS, 0);
      x.intoArray(w, to + i);
      seen = seen.or(x.sub((short) low));
    }
    int all = seen.reduceLanes(OR);
    for (; i < count; i++) {
      w[to + i] = codes[from + i];
      all |= codes[from + i] - low;
    }
    return all;
  }

  /**
   * Whether {@code Σ w·a} fits 16 bits for all inputs a in 0 … {@code maxIn}; the magnitudes of the
   * weights must add up to less than 2^15.
   */
  static boolean fits(short[] w, int from, int count, int maxIn) {
    var sums = ShortVector.zero(SHORTS);
    var magnitudes = sums;
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
      var x = ShortVector.fromArray(SHORTS, w, from + i);
      sums = sums.add(x);
      magnitudes = magnitudes.add(x.abs());
    }
    long sum = sums.reduceLanes(ADD);
    long magnitude = magnitudes.reduceLanes(ADD);
    for (; i < count; i++) {
      sum += w[from + i];
      magnitude += Math.abs(w[from + i]);
    }
    // The positive codes alone, and the negative ones, bound every sum.
    return (magnitude + sum) / 2 * maxIn <= Short.MAX_VALUE
        && (magnitude - sum) / 2 * maxIn <= -Short.MIN_VALUE;
  }
}
