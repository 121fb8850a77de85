package org.bitquake.network;

import java.util.Arrays;

/**
 * What follows a layer's accumulators, channel by channel and in real units, on its way to being
 * folded: {@code real = (unit·acc + shift)·gain + offset}.
 *
 * <p>Kept in double, and rounded once when it becomes the layer's float32 bias and scale.
 */
public record Affine(double[] unit, double[] shift, double[] gain, double[] offset) {
  /**
   * A bias this large drowns every 32-bit accumulator in float32: the channel is a constant. Used
   * where normalisation multiplies a channel by 0 (or nearly so) and adds something.
   */
  private static final float DROWNING = 0x1p60f;

  /** The layer's part of the integer contract: {@code y = (acc + bias[c]) · scale[c]}. */
  public record Folded(float[] bias, float[] scale) {}

  /**
   * The sums of a layer with weights.
   *
   * @param weightStep one for all channels or one for each
   * @param inputStep real value of one input code
   */
  public static Affine ofSums(float[] weightStep, double inputStep, int channels) {
    Check.that(
        weightStep.length == 1 || weightStep.length == channels,
        "%d weight steps for %d channels",
        weightStep.length,
        channels);
    double[] unit = new double[channels];
    for (int c = 0; c < channels; c++) {
      unit[c] = weightStep[weightStep.length == 1 ? 0 : c] * inputStep;
    }
    double[] ones = new double[channels];
    Arrays.fill(ones, 1);
    return new Affine(unit, new double[channels], ones, new double[channels]);
  }

  /** Number of channels. */
  public int channels() {
    return unit.length;
  }

  /** Adds a bias in real units, one for each channel. */
  public Affine plus(float[] bias) {
    Check.that(bias.length == channels(), "%d biases for %d channels", bias.length, channels());
    double[] newShift = shift.clone();
    double[] newOffset = offset.clone();
    for (int c = 0; c < bias.length; c++) {
      Check.finite("bias[" + c + "]", bias[c]);
      double[] target = gain[c] == 1 && offset[c] == 0 ? newShift : newOffset;
      target[c] = target == newShift && newShift[c] == 0 ? bias[c] : target[c] + bias[c];
    }
    return new Affine(unit, newShift, gain, newOffset);
  }

  /** Adds a constant in real units to all channels. */
  public Affine plus(double constant) {
    double[] newOffset = offset.clone();
    for (int c = 0; c < newOffset.length; c++) {
      newOffset[c] += constant;
    }
    return new Affine(unit, shift, gain, newOffset);
  }

  /**
   * Batch normalisation at inference: {@code (x − mean)·gamma / √(variance + epsilon) + beta}
   * (arXiv 1502.03167, algorithm 2).
   */
  public Affine normalized(
      float[] gamma, float[] beta, float[] mean, float[] variance, float epsilon) {
    for (float[] part : new float[][] {gamma, beta, mean, variance}) {
      Check.that(
          part.length == channels(),
          "batch normalisation of %d channels after a layer with %d",
          part.length,
          channels());
      Check.finite("batch normalisation", part);
    }
    double[] newShift = shift.clone();
    double[] newGain = gain.clone();
    double[] newOffset = offset.clone();
    for (int c = 0; c < channels(); c++) {
      double spread = (double) variance[c] + epsilon;
      Check.that(spread > 0, "batch normalisation: variance[%d] is %s", c, variance[c]);
      double g = gamma[c] / Math.sqrt(spread);
      boolean plain = gain[c] == 1 && offset[c] == 0;
      if (plain) {
        newShift[c] = mean[c] == 0 ? shift[c] : shift[c] - mean[c];
        newOffset[c] = beta[c];
      } else {
        newOffset[c] = (offset[c] - mean[c]) * g + beta[c];
      }
      newGain[c] = gain[c] * g;
    }
    return new Affine(unit, newShift, newGain, newOffset);
  }

  /**
   * The integer layer's bias, in accumulator units, and scale.
   *
   * @param outputStep real value of one output code; 1 for logits
   */
  public Folded fold(double outputStep) {
    float[] bias = new float[channels()];
    float[] scale = new float[channels()];
    for (int c = 0; c < bias.length; c++) {
      double inside = offset[c] == 0 ? shift[c] : shift[c] + offset[c] / gain[c];
      bias[c] = (float) (inside / unit[c]);
      scale[c] = (float) (unit[c] * gain[c] / outputStep);
      if (!(Math.abs(bias[c]) < DROWNING)) {
        double constant = (shift[c] * gain[c] + offset[c]) / outputStep;
        bias[c] = DROWNING;
        scale[c] = (float) (constant / DROWNING);
      }
    }
    return new Folded(bias, scale);
  }
}
