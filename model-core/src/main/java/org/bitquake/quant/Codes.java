package org.bitquake.quant;

import static org.bitquake.HalfEven.ROUND;

/** Rounding of real values to integer codes {@code low … high}. */
final class Codes {
  /** The number of candidate steps that {@link #bestStep} tries. */
  private static final int CANDIDATES = 40;

  private Codes() {}

  /** {@code rint(clip(x / step, low, high))}, half to even. */
  static float code(float x, float step, float low, float high) {
    return rint(Math.min(Math.max(x / step, low), high));
  }

  /** The whole number nearest to {@code x} of magnitude below 2²², half to even. */
  static float rint(float x) {
    return (x + ROUND) - ROUND;
  }

  /**
   * The step among {@code limit/high · k/40}, k = 1 … 40, whose codes have the smallest squared
   * error over {@code x[offset … offset + length − 1 by stride]}.
   *
   * @param limit the magnitude that the largest candidate maps to {@code high}
   */
  static float bestStep(
      float[] x, int offset, int length, int stride, float limit, float low, float high) {
    float best = limit / high;
    double least = Double.POSITIVE_INFINITY;
    for (int k = 1; k <= CANDIDATES; k++) {
      float step = limit / high * k / CANDIDATES;
      double error = 0;
      for (int i = offset; i < offset + length; i += stride) {
        double e = x[i] - code(x[i], step, low, high) * step;
        error += e * e;
      }
      if (error < least) {
        least = error;
        best = step;
      }
    }
    return best;
  }
}
