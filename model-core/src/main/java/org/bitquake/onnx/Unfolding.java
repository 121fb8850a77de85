package org.bitquake.onnx;

import java.util.Optional;
import org.bitquake.network.Affine;

/**
 * Finds float32 parameters in real units that fold back to given biases and scales, bit for bit.
 *
 * <p>A layer whose scale is just its steps needs a bias alone. Any other gets a batch
 * normalisation: its mean carries what rounding took from the bias, and a variance near 1 is moved
 * by units in the last place until gamma / √variance falls where it must. Two floats reach what one
 * cannot.
 */
final class Unfolding {
  private static final float EPSILON = 1e-5f;
  private static final int TRIES = 64;

  private final double[] unit;
  private final double outputStep;
  private final Affine.Folded target;

  /** BatchNormalization's inputs; beta is 0. */
  record Normalization(
      float[] gamma, float[] beta, float[] mean, float[] variance, float epsilon) {}

  /** A bias, and what follows it if that is not enough. */
  record Parameters(float[] bias, Optional<Normalization> normalization) {}

  /**
   * @param sums what the reader will know of the layer before bias and normalisation
   * @param outputStep real value of an output code; 1 for logits
   */
  Unfolding(Affine sums, double outputStep, Affine.Folded target) {
    this.unit = sums.unit();
    this.outputStep = outputStep;
    this.target = target;
  }

  /**
   * @throws IllegalArgumentException if there are no such numbers, as for biases near float32's
   *     ends
   */
  Parameters find() {
    return plain().orElseGet(this::normalized);
  }

  private Optional<Parameters> plain() {
    float[] bias = new float[unit.length];
    for (int c = 0; c < bias.length; c++) {
      Optional<Float> b = bias(c);
      if (!same((float) (unit[c] / outputStep), target.scale()[c]) || b.isEmpty()) {
        return Optional.empty();
      }
      bias[c] = b.get();
    }
    return Optional.of(new Parameters(bias, Optional.empty()));
  }

  private Optional<Float> bias(int c) {
    float near = (float) (target.bias()[c] * unit[c]);
    for (float b : new float[] {near, Math.nextUp(near), Math.nextDown(near)}) {
      if (same((float) (b / unit[c]), target.bias()[c])) {
        return Optional.of(b);
      }
    }
    return Optional.empty();
  }

  private Parameters normalized() {
    int n = unit.length;
    var p = new Normalization(new float[n], new float[n], new float[n], new float[n], EPSILON);
    float[] bias = new float[n];
    for (int c = 0; c < n; c++) {
      double exact = target.bias()[c] * unit[c];
      bias[c] = (float) exact;
      p.mean()[c] = (float) (bias[c] - exact);
      scale(c, p);
      double inside = p.mean()[c] == 0 ? bias[c] : (double) bias[c] - p.mean()[c];
      Require.that(
          same((float) (inside / unit[c]), target.bias()[c]),
          "bias %s of channel %d times its steps, %s, leaves float32",
          target.bias()[c],
          c,
          unit[c]);
    }
    return new Parameters(bias, Optional.of(p));
  }

  private void scale(int c, Normalization p) {
    double wanted = target.scale()[c] * outputStep / unit[c];
    float variance = 1;
    for (int i = 0; i < TRIES; i++, variance = Math.nextDown(variance)) {
      double deviation = Math.sqrt((double) variance + EPSILON);
      float gamma = (float) (wanted * deviation);
      float scale = (float) (unit[c] * (gamma / deviation) / outputStep);
      if (Float.isFinite(gamma) && same(scale, target.scale()[c])) {
        p.gamma()[c] = gamma;
        p.variance()[c] = variance;
        return;
      }
    }
    throw Require.no(
        "scale %s of channel %d cannot be had from its steps, %s and %s",
        target.scale()[c], c, unit[c], outputStep);
  }

  private static boolean same(float a, float b) {
    return Float.floatToIntBits(a) == Float.floatToIntBits(b);
  }
}
