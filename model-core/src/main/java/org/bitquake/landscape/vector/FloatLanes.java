package org.bitquake.landscape.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static org.bitquake.HalfEven.ROUND;
import static org.bitquake.HalfEven.ROUND_BITS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops on whole vectors of the widest kind that this processor has. For the rules that keep C2
 * fast (one width an element type, accumulators as locals of one flat loop) see {@code
 * org.bitquake.engine.vector.Lanes}.
 */
final class FloatLanes {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Floats in a vector. */
  static final int WIDTH = FLOATS.length();

  private FloatLanes() {}

  static void eightOutputs(
      float[] in,
      int base,
      int[] offset,
      int taps,
      int w0,
      int stride,
      float[] w,
      float[] out,
      int at,
      int outStride) {
    var a0 = FloatVector.zero(FLOATS);
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
    for (int t = 0; t < taps; t++) {
      int p = base + offset[t];
      var x0 = FloatVector.fromArray(FLOATS, in, p);
      var x1 = FloatVector.fromArray(FLOATS, in, p + WIDTH);
      var u = FloatVector.broadcast(FLOATS, w[w0 + t]);
      a0 = x0.fma(u, a0);
      a1 = x1.fma(u, a1);
      u = FloatVector.broadcast(FLOATS, w[w0 + stride + t]);
      b0 = x0.fma(u, b0);
      b1 = x1.fma(u, b1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 2 * stride + t]);
      c0 = x0.fma(u, c0);
      c1 = x1.fma(u, c1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 3 * stride + t]);
      d0 = x0.fma(u, d0);
      d1 = x1.fma(u, d1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 4 * stride + t]);
      e0 = x0.fma(u, e0);
      e1 = x1.fma(u, e1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 5 * stride + t]);
      f0 = x0.fma(u, f0);
      f1 = x1.fma(u, f1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 6 * stride + t]);
      g0 = x0.fma(u, g0);
      g1 = x1.fma(u, g1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 7 * stride + t]);
      h0 = x0.fma(u, h0);
      h1 = x1.fma(u, h1);
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
      float[] in,
      int base,
      int[] offset,
      int taps,
      int w0,
      int stride,
      float[] w,
      float[] out,
      int at,
      int outStride) {
    var a0 = FloatVector.zero(FLOATS);
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
    for (int t = 0; t < taps; t++) {
      int p = base + offset[t];
      var x0 = FloatVector.fromArray(FLOATS, in, p);
      var x1 = FloatVector.fromArray(FLOATS, in, p + WIDTH);
      var u = FloatVector.broadcast(FLOATS, w[w0 + t]);
      a0 = x0.fma(u, a0);
      a1 = x1.fma(u, a1);
      u = FloatVector.broadcast(FLOATS, w[w0 + stride + t]);
      b0 = x0.fma(u, b0);
      b1 = x1.fma(u, b1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 2 * stride + t]);
      c0 = x0.fma(u, c0);
      c1 = x1.fma(u, c1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 3 * stride + t]);
      d0 = x0.fma(u, d0);
      d1 = x1.fma(u, d1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 4 * stride + t]);
      e0 = x0.fma(u, e0);
      e1 = x1.fma(u, e1);
      u = FloatVector.broadcast(FLOATS, w[w0 + 5 * stride + t]);
      f0 = x0.fma(u, f0);
      f1 = x1.fma(u, f1);
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

  static void affine(float[] sum, int from, int lanes, float bias, float scale, float[] y, int at) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = FloatVector.fromArray(FLOATS, sum, from + i);
      x.add(bias).mul(scale).intoArray(y, at + i);
    }
  }

  static void addScaled(float ratio, float[] r, int from, int lanes, float[] y, int at) {
    var ratios = FloatVector.broadcast(FLOATS, ratio);
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = FloatVector.fromArray(FLOATS, r, from + i);
      ratios.fma(x, FloatVector.fromArray(FLOATS, y, at + i)).intoArray(y, at + i);
    }
  }

  static void round(float[] y, int at, int lanes, int max, float[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var bits = FloatVector.fromArray(FLOATS, y, at + i).add(ROUND).reinterpretAsInts();
      var clipped = bits.max(ROUND_BITS).min(ROUND_BITS + max);
      clipped.reinterpretAsFloats().sub(ROUND).intoArray(out, to + i);
    }
  }

  static void gate(
      float[] y,
      int at,
      float max,
      float scale,
      float[] a,
      int from,
      int lanes,
      float[] out,
      int to) {
    var zero = FloatVector.zero(FLOATS);
    for (int i = 0; i < lanes; i += WIDTH) {
      var v = FloatVector.fromArray(FLOATS, y, at + i);
      var open = v.compare(GT, 0f).and(v.compare(LE, max));
      var x = FloatVector.fromArray(FLOATS, a, from + i).mul(scale);
      zero.blend(x, open).intoArray(out, to + i);
    }
  }

  /** As ints: the bits of floats that are not negative grow with them, and NaN is no concern. */
  static void maximum(float[] in, int from, int lanes, float[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = FloatVector.fromArray(FLOATS, in, from + i).reinterpretAsInts();
      var y = FloatVector.fromArray(FLOATS, out, to + i).reinterpretAsInts();
      x.max(y).reinterpretAsFloats().intoArray(out, to + i);
    }
  }

  static void add(float[] in, int from, int lanes, float[] out, int to) {
    for (int i = 0; i < lanes; i += WIDTH) {
      var x = FloatVector.fromArray(FLOATS, in, from + i);
      FloatVector.fromArray(FLOATS, out, to + i).add(x).intoArray(out, to + i);
    }
  }

  /** The sums {@code shift … shift + WIDTH − 1} of every 16, for four outputs and four taps. */
  static void products(
      float[] g,
      int g0,
      int g1,
      int g2,
      int g3,
      float[] x,
      int x0,
      int x1,
      int x2,
      int x3,
      int[] at,
      int group,
      float[] out,
      int shift) {
    var a0 = FloatVector.zero(FLOATS);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    var b0 = a0;
    var b1 = a0;
    var b2 = a0;
    var b3 = a0;
    var c0 = a0;
    var c1 = a0;
    var c2 = a0;
    var c3 = a0;
    var d0 = a0;
    var d1 = a0;
    var d2 = a0;
    var d3 = a0;
    for (int j = 0; j < at.length; j++) {
      int p = j * group + shift;
      int q = at[j] + shift;
      var u0 = FloatVector.fromArray(FLOATS, x, x0 + q);
      var u1 = FloatVector.fromArray(FLOATS, x, x1 + q);
      var u2 = FloatVector.fromArray(FLOATS, x, x2 + q);
      var u3 = FloatVector.fromArray(FLOATS, x, x3 + q);
      var v = FloatVector.fromArray(FLOATS, g, g0 + p);
      a0 = v.fma(u0, a0);
      a1 = v.fma(u1, a1);
      a2 = v.fma(u2, a2);
      a3 = v.fma(u3, a3);
      v = FloatVector.fromArray(FLOATS, g, g1 + p);
      b0 = v.fma(u0, b0);
      b1 = v.fma(u1, b1);
      b2 = v.fma(u2, b2);
      b3 = v.fma(u3, b3);
      v = FloatVector.fromArray(FLOATS, g, g2 + p);
      c0 = v.fma(u0, c0);
      c1 = v.fma(u1, c1);
      c2 = v.fma(u2, c2);
      c3 = v.fma(u3, c3);
      v = FloatVector.fromArray(FLOATS, g, g3 + p);
      d0 = v.fma(u0, d0);
      d1 = v.fma(u1, d1);
      d2 = v.fma(u2, d2);
      d3 = v.fma(u3, d3);
    }
    a0.intoArray(out, shift);
    a1.intoArray(out, group + shift);
    a2.intoArray(out, 2 * group + shift);
    a3.intoArray(out, 3 * group + shift);
    b0.intoArray(out, 4 * group + shift);
    b1.intoArray(out, 5 * group + shift);
    b2.intoArray(out, 6 * group + shift);
    b3.intoArray(out, 7 * group + shift);
    c0.intoArray(out, 8 * group + shift);
    c1.intoArray(out, 9 * group + shift);
    c2.intoArray(out, 10 * group + shift);
    c3.intoArray(out, 11 * group + shift);
    d0.intoArray(out, 12 * group + shift);
    d1.intoArray(out, 13 * group + shift);
    d2.intoArray(out, 14 * group + shift);
    d3.intoArray(out, 15 * group + shift);
  }
}
