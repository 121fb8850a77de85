package org.bitquake.landscape;

import static org.bitquake.HalfEven.ROUND;
import static org.bitquake.HalfEven.ROUND_BITS;

import java.util.Arrays;
import java.util.Optional;

/** The definition of {@link LaneKernels} in plain Java, for where there is nothing faster. */
final class PlainKernels implements LaneKernels {
  private static final int CHUNK = 8;

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public int chunk() {
    return CHUNK;
  }

  @Override
  public void sums(
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
      int outStride) {
    for (int o = 0; o < outputs; o++) {
      eightLanes(in, base, offset, taps, w0 + o * stride, w, out, at + o * outStride);
    }
  }

  /** Sums in local variables: C2 keeps these in registers. */
  private static void eightLanes(
      float[] in, int base, int[] offset, int taps, int w0, float[] w, float[] out, int at) {
    float a0 = 0;
    float a1 = 0;
    float a2 = 0;
    float a3 = 0;
    float a4 = 0;
    float a5 = 0;
    float a6 = 0;
    float a7 = 0;
    for (int t = 0; t < taps; t++) {
      int p = base + offset[t];
      float u = w[w0 + t];
      a0 = Math.fma(in[p], u, a0);
      a1 = Math.fma(in[p + 1], u, a1);
      a2 = Math.fma(in[p + 2], u, a2);
      a3 = Math.fma(in[p + 3], u, a3);
      a4 = Math.fma(in[p + 4], u, a4);
      a5 = Math.fma(in[p + 5], u, a5);
      a6 = Math.fma(in[p + 6], u, a6);
      a7 = Math.fma(in[p + 7], u, a7);
    }
    out[at] = a0;
    out[at + 1] = a1;
    out[at + 2] = a2;
    out[at + 3] = a3;
    out[at + 4] = a4;
    out[at + 5] = a5;
    out[at + 6] = a6;
    out[at + 7] = a7;
  }

  @Override
  public void affine(float[] sum, int from, int lanes, float bias, float scale, float[] y, int at) {
    for (int i = 0; i < lanes; i++) {
      y[at + i] = (sum[from + i] + bias) * scale;
    }
  }

  @Override
  public void addScaled(float ratio, float[] r, int from, int lanes, float[] y, int at) {
    for (int i = 0; i < lanes; i++) {
      y[at + i] = Math.fma(ratio, r[from + i], y[at + i]);
    }
  }

  @Override
  public void round(float[] y, int at, int lanes, int max, float[] out, int to) {
    for (int i = 0; i < lanes; i++) {
      int bits = Float.floatToRawIntBits(y[at + i] + ROUND);
      int clipped = Math.min(Math.max(bits, ROUND_BITS), ROUND_BITS + max);
      out[to + i] = Float.intBitsToFloat(clipped) - ROUND;
    }
  }

  @Override
  public void gate(
      float[] y,
      int at,
      float max,
      float scale,
      float[] a,
      int from,
      int lanes,
      float[] out,
      int to) {
    for (int i = 0; i < lanes; i++) {
      float v = y[at + i];
      out[to + i] = v > 0 && v <= max ? scale * a[from + i] : 0;
    }
  }

  @Override
  public void maximum(float[] in, int from, int lanes, float[] out, int to) {
    for (int i = 0; i < lanes; i++) {
      out[to + i] = Math.max(out[to + i], in[from + i]);
    }
  }

  @Override
  public void add(float[] in, int from, int lanes, float[] out, int to) {
    for (int i = 0; i < lanes; i++) {
      out[to + i] += in[from + i];
    }
  }

  @Override
  public void products(
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
      float[] out) {
    int[] gs = {g0, g1, g2, g3};
    int[] xs = {x0, x1, x2, x3};
    Arrays.fill(out, 0, TILE * TILE * GROUP, 0);
    for (int o = 0; o < TILE; o++) {
      for (int t = 0; t < TILE; t++) {
        int to = (o * TILE + t) * GROUP;
        for (int j = 0; j < at.length; j++) {
          int p = gs[o] + j * GROUP;
          int q = xs[t] + at[j];
          for (int i = 0; i < GROUP; i++) {
            out[to + i] = Math.fma(g[p + i], x[q + i], out[to + i]);
          }
        }
      }
    }
  }
}
