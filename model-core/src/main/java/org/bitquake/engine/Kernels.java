package org.bitquake.engine;

import static org.bitquake.HalfEven.ROUND;
import static org.bitquake.HalfEven.ROUND_BITS;

/**
 * The innermost loops. Each is small and its body free of calls and branches, so that C2 turns it
 * into vector code; more than five taps at once, or arrays read from an offset, and it does not.
 */
final class Kernels {
  /** Taps that {@link #addTaps} takes at once. */
  static final int TAPS = 4;

  private Kernels() {}

  /** {@code sum = w0·p0 + w1·p1 + w2·p2 + w3·p3} for the first n elements. */
  static void setTaps(
      int[] sum, int n, int w0, int[] p0, int w1, int[] p1, int w2, int[] p2, int w3, int[] p3) {
    for (int i = 0; i < n; i++) {
      sum[i] = w0 * p0[i] + w1 * p1[i] + w2 * p2[i] + w3 * p3[i];
    }
  }

  /** {@code sum += w0·p0 + w1·p1 + w2·p2 + w3·p3} for the first n elements. */
  static void addTaps(
      int[] sum, int n, int w0, int[] p0, int w1, int[] p1, int w2, int[] p2, int w3, int[] p3) {
    for (int i = 0; i < n; i++) {
      sum[i] += w0 * p0[i] + w1 * p1[i] + w2 * p2[i] + w3 * p3[i];
    }
  }

  /** {@code rint(clip(y, 0, max))}, half to even, max up to 255; any y but NaN. */
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
}
