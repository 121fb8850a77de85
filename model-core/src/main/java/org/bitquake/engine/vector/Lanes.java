package org.bitquake.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops, on whole vectors of the widest kind that this processor has. They read and
 * write up to a vector beyond what is asked for; {@link Tensor} leaves room for that.
 *
 * <p>C2 keeps the accumulators in registers only where they are local variables of one flat loop.
 */
final class Lanes {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** As many shorts as {@link #INTS} has ints. */
  private static final VectorSpecies<Short> HALF =
      VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));

  /** Shorts in a vector. */
  static final int WIDTH = SHORTS.length();

  /** Lanes that {@link #twoOutputs} computes. */
  static final int WIDE = 4 * WIDTH;

  /** Lanes that {@link #fourOutputs} computes. */
  static final int NARROW = 2 * WIDTH;

  /** Ints in a vector. */
  static final int STEP = INTS.length();

  /** 1.5·2^23: see {@code org.bitquake.engine.Kernels}. */
  private static final float ROUND = 12582912f;

  private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

  private Lanes() {}

  /**
   * {@code out[o][lane] = Σ_t w[o][t] · in[base + offset[t] + lane]} in wrapping 16-bit arithmetic,
   * for two outputs and {@link #WIDE} lanes, over the taps {@code from … to − 1}.
   *
   * @param w0 where the first output's weights start; the second's follow {@code stride} later
   * @param at where the first output's sums go; the second's go {@code WIDE} later
   */
  static void twoOutputs(
      short[] in,
      int base,
      int[] offset,
      int from,
      int to,
      short[] w,
      int w0,
      int stride,
      short[] out,
      int at) {
    var a0 = ShortVector.zero(SHORTS);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    var b0 = a0;
    var b1 = a0;
    var b2 = a0;
    var b3 = a0;
    for (int t = from; t < to; t++) {
      int p = base + offset[t];
      var x0 = ShortVector.fromArray(SHORTS, in, p);
      var x1 = ShortVector.fromArray(SHORTS, in, p + WIDTH);
      var x2 = ShortVector.fromArray(SHORTS, in, p + 2 * WIDTH);
      var x3 = ShortVector.fromArray(SHORTS, in, p + 3 * WIDTH);
      var u = ShortVector.broadcast(SHORTS, w[w0 + t]);
      var v = ShortVector.broadcast(SHORTS, w[w0 + stride + t]);
      a0 = a0.add(x0.mul(u));
      a1 = a1.add(x1.mul(u));
      a2 = a2.add(x2.mul(u));
      a3 = a3.add(x3.mul(u));
      b0 = b0.add(x0.mul(v));
      b1 = b1.add(x1.mul(v));
      b2 = b2.add(x2.mul(v));
      b3 = b3.add(x3.mul(v));
    }
    a0.intoArray(out, at);
    a1.intoArray(out, at + WIDTH);
    a2.intoArray(out, at + 2 * WIDTH);
    a3.intoArray(out, at + 3 * WIDTH);
    b0.intoArray(out, at + WIDE);
    b1.intoArray(out, at + WIDE + WIDTH);
    b2.intoArray(out, at + WIDE + 2 * WIDTH);
    b3.intoArray(out, at + WIDE + 3 * WIDTH);
  }

  /** As {@link #twoOutputs}, for four outputs and {@link #NARROW} lanes. */
  static void fourOutputs(
      short[] in,
      int base,
      int[] offset,
      int from,
      int to,
      short[] w,
      int w0,
      int stride,
      short[] out,
      int at) {
    var a0 = ShortVector.zero(SHORTS);
    var a1 = a0;
    var b0 = a0;
    var b1 = a0;
    var c0 = a0;
    var c1 = a0;
    var d0 = a0;
    var d1 = a0;
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
    }
    a0.intoArray(out, at);
    a1.intoArray(out, at + WIDTH);
    b0.intoArray(out, at + WIDE);
    b1.intoArray(out, at + WIDE + WIDTH);
    c0.intoArray(out, at + 2 * WIDE);
    c1.intoArray(out, at + 2 * WIDE + WIDTH);
    d0.intoArray(out, at + 3 * WIDE);
    d1.intoArray(out, at + 3 * WIDE + WIDTH);
  }

  /** The int32 sum of {@code runs} 16-bit sums, {@code stride} apart, as floats. */
  private static FloatVector sum(short[] acc, int at, int runs, int stride) {
    var sum = ints(acc, at);
    for (int r = 1; r < runs; r++) {
      sum = sum.add(ints(acc, at + r * stride));
    }
    return (FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0);
  }

  private static IntVector ints(short[] a, int at) {
    return (IntVector)
        ShortVector.fromArray(HALF, a, at).convertShape(VectorOperators.S2I, INTS, 0);
  }

  /** {@code out = rint(clip((Σ acc + bias) · scale, 0, max))} for {@code lanes} lanes. */
  static void requantise(
      short[] acc,
      int at,
      int runs,
      int stride,
      int lanes,
      float bias,
      float scale,
      int max,
      short[] out,
      int to) {
    for (int i = 0; i < lanes; i += STEP) {
      store(sum(acc, at + i, runs, stride).add(bias).mul(scale), max, out, to + i);
    }
  }

  /** With a residual: {@code out = rint(clip(fma(ratio, residual, (Σ acc + bias) · scale)))}. */
  static void requantise(
      short[] acc,
      int at,
      int runs,
      int stride,
      int lanes,
      float bias,
      float scale,
      float ratio,
      short[] residual,
      int second,
      int max,
      short[] out,
      int to) {
    var ratios = FloatVector.broadcast(FLOATS, ratio);
    for (int i = 0; i < lanes; i += STEP) {
      var y = sum(acc, at + i, runs, stride).add(bias).mul(scale);
      var r = (FloatVector) ints(residual, second + i).convertShape(VectorOperators.I2F, FLOATS, 0);
      store(ratios.fma(r, y), max, out, to + i);
    }
  }

  private static void store(FloatVector y, int max, short[] out, int to) {
    var bits = y.add(ROUND).reinterpretAsInts();
    var code = bits.max(ROUND_BITS).min(ROUND_BITS + max).sub(ROUND_BITS);
    ((ShortVector) code.convertShape(VectorOperators.I2S, HALF, 0)).intoArray(out, to);
  }

  /** {@code out = (Σ acc + bias) · scale}. */
  static void logits(
      short[] acc,
      int at,
      int runs,
      int stride,
      int lanes,
      float bias,
      float scale,
      float[] out,
      int to) {
    for (int i = 0; i < lanes; i += STEP) {
      sum(acc, at + i, runs, stride).add(bias).mul(scale).intoArray(out, to + i);
    }
  }

  /** {@code out = max(out, in)}. */
  static void maximum(short[] in, int from, int lanes, short[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = ShortVector.fromArray(SHORTS, in, from + i);
      ShortVector.fromArray(SHORTS, out, to + i).max(x).intoArray(out, to + i);
    }
  }

  /** {@code out += in}. */
  static void add(short[] in, int from, int lanes, short[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = ShortVector.fromArray(SHORTS, in, from + i);
      ShortVector.fromArray(SHORTS, out, to + i).add(x).intoArray(out, to + i);
    }
  }
}
