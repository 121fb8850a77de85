package org.bitquake.engine;

/**
 * The loops over the images of a block. Each is small and free of calls and branches in its body,
 * so that C2 turns it into vector code.
 */
final class Kernels {
  /** Taps that {@link #addTaps} takes at once. */
  static final int TAPS = 8;

  /**
   * 1.5·2^23. Adding it to a float y with |y| ≤ 2^22 rounds y to an integer, half to even, and
   * leaves that integer in the low bits of the sum; the bits, read as an int, grow with y for all
   * positive sums and are negative for negative ones, so a clip of the bits is a clip of y.
   */
  private static final float ROUND = 12582912f;

  private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

  private Kernels() {}

  /** {@code sum[i] += Σ_t weights[from + t] · planes[base + offsets[from + t]][i]}, t = 0…7. */
  static void addTaps(
      int[] sum, int n, byte[] w, int[] offsets, int from, int[][] planes, int base) {
    addEight(
        sum,
        n,
        w[from],
        planes[base + offsets[from]],
        w[from + 1],
        planes[base + offsets[from + 1]],
        w[from + 2],
        planes[base + offsets[from + 2]],
        w[from + 3],
        planes[base + offsets[from + 3]],
        w[from + 4],
        planes[base + offsets[from + 4]],
        w[from + 5],
        planes[base + offsets[from + 5]],
        w[from + 6],
        planes[base + offsets[from + 6]],
        w[from + 7],
        planes[base + offsets[from + 7]]);
  }

  private static void addEight(
      int[] sum,
      int n,
      int w0,
      int[] p0,
      int w1,
      int[] p1,
      int w2,
      int[] p2,
      int w3,
      int[] p3,
      int w4,
      int[] p4,
      int w5,
      int[] p5,
      int w6,
      int[] p6,
      int w7,
      int[] p7) {
    for (int i = 0; i < n; i++) {
      sum[i] +=
          w0 * p0[i]
              + w1 * p1[i]
              + w2 * p2[i]
              + w3 * p3[i]
              + w4 * p4[i]
              + w5 * p5[i]
              + w6 * p6[i]
              + w7 * p7[i];
    }
  }

  /** {@code rint(clip(y, 0, max))}, half to even; any y but NaN. */
  static int round(float y, int max) {
    int bits = Float.floatToRawIntBits(y + ROUND);
    return Math.min(Math.max(bits, ROUND_BITS), ROUND_BITS + max) - ROUND_BITS;
  }

  /** {@code out = rint(clip((sum + bias) · scale, 0, max))}. */
  static void requantise(int[] sum, int n, float bias, float scale, int max, int[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = round(((float) sum[i] + bias) * scale, max);
    }
  }

  /** {@code out = rint(clip(fma(ratio, residual, (sum + bias) · scale), 0, max))}. */
  static void requantise(
      int[] sum, int n, float bias, float scale, float ratio, int[] residual, int max, int[] out) {
    for (int i = 0; i < n; i++) {
      float y = ((float) sum[i] + bias) * scale;
      out[i] = round(Math.fma(ratio, (float) residual[i], y), max);
    }
  }

  /** {@code out = max(out, in)}. */
  static void maximum(int[] in, int n, int[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.max(out[i], in[i]);
    }
  }

  /** {@code out += in}. */
  static void add(int[] in, int n, int[] out) {
    for (int i = 0; i < n; i++) {
      out[i] += in[i];
    }
  }
}
