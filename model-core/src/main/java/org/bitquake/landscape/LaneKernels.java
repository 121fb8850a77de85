package org.bitquake.landscape;

import java.util.Optional;

/**
 * The innermost loops, over lanes: the images of a block at neighbouring positions. Every
 * implementation gives the same bits: each lane is summed by fused multiply-adds in the order of
 * the taps, and {@link #products} in {@link #GROUP} sums a weight on every machine.
 */
public interface LaneKernels {
  /** Images of a block; every number of lanes is a multiple of it. */
  int BLOCK = 32;

  /** Sums that the products of one weight are dealt to: lane i goes to sum i mod 16. */
  int GROUP = 16;

  /** Outputs, and taps, that {@link #products} takes at once. */
  int TILE = 4;

  /** Such as {@code vector}. */
  String name();

  /** Why this process cannot use them; empty if it can. */
  Optional<String> unavailable();

  /** Lanes that {@link #sums} does at once; divides {@link #BLOCK}. */
  int chunk();

  /**
   * {@code out[o][lane] = Σ_t w[o][t] · in[base + offset[t] + lane]} for {@link #chunk} lanes, by
   * {@code fma} in the order of the taps, from 0.
   *
   * @param outputs 6 or 8
   * @param taps how many; weights of an output start at {@code w0 + o·stride}
   * @param at where the sums of output 0 go; those of the next {@code outStride} later
   */
  void sums(
      int outputs,
      float[] in,
      int base,
      int[] offset,
      int taps,
      int w0,
      int stride,
      float[] w,
      float[] out,
      int at,
      int outStride);

  /** {@code y = (sum + bias) · scale}. */
  void affine(float[] sum, int from, int lanes, float bias, float scale, float[] y, int at);

  /** {@code y = fma(ratio, r, y)}. */
  void addScaled(float ratio, float[] r, int from, int lanes, float[] y, int at);

  /** {@code out = rint(clip(y, 0, max))}, half to even, max up to 255; any y but NaN. */
  void round(float[] y, int at, int lanes, int max, float[] out, int to);

  /** {@code out = scale · a} where {@code 0 < y ≤ max}, else 0: straight through the rounding. */
  void gate(
      float[] y,
      int at,
      float max,
      float scale,
      float[] a,
      int from,
      int lanes,
      float[] out,
      int to);

  /** {@code out = max(out, in)} of values that are not negative. */
  void maximum(float[] in, int from, int lanes, float[] out, int to);

  /** {@code out += in}. */
  void add(float[] in, int from, int lanes, float[] out, int to);

  /**
   * For outputs o and taps t, four of each: {@code out[(o·4 + t)·16 + i] = Σ g[o] · x[t]} over the
   * lanes i, i + 16, i + 32 …, by {@code fma} in that order, from 0.
   *
   * @param g the lanes of output o start at {@code g0 … g3} and lie without gaps
   * @param x the j-th 16 lanes of tap t start at {@code x0 … x3 + at[j]}
   */
  void products(
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
      float[] out);
}
