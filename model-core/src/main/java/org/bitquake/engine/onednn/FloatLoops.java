package org.bitquake.engine.onednn;

/**
 * The contract's float32 steps on values {@code code − zero}. Small loops without calls and
 * branches over arrays from their start, so that C2 turns them into vector code.
 */
final class FloatLoops {
  /** 1.5·2^23: see {@code org.bitquake.engine.Kernels}. */
  private static final float ROUND = 12_582_912f;

  private FloatLoops() {}

  /** {@code y = (y + bias) · scale}. */
  static void scale(float[] y, float[] bias, float[] scale, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (y[i] + bias[i]) * scale[i];
    }
  }

  /** {@code y = rint(clip((y + bias) · scale, low, high))}: the two in one go over y. */
  static void requantise(float[] y, float[] bias, float[] scale, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      float clipped = Math.min(Math.max((y[i] + bias[i]) * scale[i], low), high);
      y[i] = (clipped + ROUND) - ROUND;
    }
  }

  /**
   * A plane of codes to values {@code code − zero}, each {@code stride} from the last.
   *
   * @param from where the plane begins
   * @param first where its first value goes
   */
  static void spread(
      byte[] codes, int from, int n, int zero, float[] values, int first, int stride) {
    for (int i = 0, to = first; i < n; i++, to += stride) {
      values[to] = (codes[from + i] & 0xff) - zero;
    }
  }

  /** {@code y = fma(ratio, residual, y)}. */
  static void addResidual(float[] y, float ratio, float[] residual, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.fma(ratio, residual[i], y[i]);
    }
  }

  /** {@code y = y · ratio}. */
  static void scale(float[] y, float ratio, int n) {
    for (int i = 0; i < n; i++) {
      y[i] *= ratio;
    }
  }

  /** {@code y = y · ratio + other · otherRatio}, each operation rounded. */
  static void add(float[] y, float ratio, float[] other, float otherRatio, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = y[i] * ratio + other[i] * otherRatio;
    }
  }

  /**
   * {@code y = rint(clip(y, low, high))}, half to even. The bounds are integers of magnitude up to
   * 255, so it does not matter that the clip comes first.
   */
  static void round(float[] y, float low, float high, int n) {
    for (int i = 0; i < n; i++) {
      float clipped = Math.min(Math.max(y[i], low), high);
      y[i] = (clipped + ROUND) - ROUND;
    }
  }
}
