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

  /** {@code clip(rint(y) + zero, 0, max)}, half to even, zero and max up to 255; any y but NaN. */
  static int round(float y, int zero, int max) {
    int bits = Float.floatToRawIntBits(y + ROUND);
    return Math.min(Math.max(bits, ROUND_BITS - zero), ROUND_BITS - zero + max)
        - (ROUND_BITS - zero);
  }

  /** {@code out = clip(rint((sum + bias) · scale) + zero, 0, max)}. */
  static void requantise(int[] sum, int n, float bias, float scale, int zero, int max, int[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = round(((float) sum[i] + bias) * scale, zero, max);
    }
  }

  /**
   * {@code out = clip(rint(fma(ratio, residual − residualZero, (sum + bias) · scale)) + zero, 0,
   * max)}.
   */
  static void requantise(
      int[] sum,
      int n,
      float bias,
      float scale,
      float ratio,
      int[] residual,
      int residualZero,
      int zero,
      int max,
      int[] out) {
    for (int i = 0; i < n; i++) {
      float y = ((float) sum[i] + bias) * scale;
      out[i] = round(Math.fma(ratio, (float) (residual[i] - residualZero), y), zero, max);
    }
  }

  /** {@code out = clip(rint((in − inZero) · ratio) + zero, 0, max)}. */
  static void rescale(int[] in, int n, int inZero, float ratio, int zero, int max, int[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = round((float) (in[i] - inZero) * ratio, zero, max);
    }
  }

  /** {@code out = clip(rint((a − aZero) · aRatio + (b − bZero) · bRatio) + zero, 0, max)}. */
  static void addScaled(
      int[] a,
      int aZero,
      float aRatio,
      int[] b,
      int bZero,
      float bRatio,
      int n,
      int zero,
      int max,
      int[] out) {
    for (int i = 0; i < n; i++) {
      float y = (float) (a[i] - aZero) * aRatio + (float) (b[i] - bZero) * bRatio;
      out[i] = round(y, zero, max);
    }
  }

  /** {@code sum += in}. */
  static void add(int[] in, int n, int[] sum) {
    for (int i = 0; i < n; i++) {
      sum[i] += in[i];
    }
  }

  /** {@code out = max(out, in)}. */
  static void maximum(int[] in, int n, int[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = Math.max(out[i], in[i]);
    }
  }
}
