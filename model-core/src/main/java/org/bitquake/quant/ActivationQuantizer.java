package org.bitquake.quant;

import java.util.Arrays;

/**
 * Fake quantisation of one layer's activations behind its ReLU: {@code a = step · rint(clip(x /
 * step, 0, 2^b − 1))}, with straight-through gradients and the L1 penalty of activation-sparse
 * training. A pre-activation of exactly 0 counts as inactive.
 *
 * <p>Learned steps follow LSQ (arXiv 1902.08153) with n the activations of one image.
 */
public final class ActivationQuantizer {
  private static final float SMALLEST_STEP = 1e-8f;
  private static final float MEMORY = 0.95f;
  private static final int SAMPLE = 20_000;
  private static final double CLIP_QUANTILE = 0.999;

  private final Quantizer quantizer;
  private final int bits;
  private final float high;
  private float step;
  private boolean started;
  private double stepGradient;
  private double penalty;
  private long zeros;
  private long seen;

  public ActivationQuantizer(Quantizer quantizer, int bits) {
    this.quantizer = quantizer;
    this.bits = bits;
    this.high = (1 << bits) - 1;
    this.step = 1;
  }

  public int bits() {
    return bits;
  }

  public float step() {
    return step;
  }

  /** Sets a known step, in place of one found from the first batch. */
  public void setStep(float value) {
    step = Math.max(Math.abs(value), SMALLEST_STEP);
    started = true;
  }

  /** True where the step is a parameter that gradient descent moves. */
  public boolean learned() {
    return quantizer == Quantizer.LSQ;
  }

  /**
   * Quantises the pre-activations in place.
   *
   * @param adapt whether steps that are not learned may follow this batch
   */
  public void forward(float[] x, int length, boolean adapt) {
    if (!started) {
      setStep(firstStep(x, length));
    } else if (adapt && !learned()) {
      step = MEMORY * step + (1 - MEMORY) * Math.max(batchStep(x, length), SMALLEST_STEP);
    }
    int inactive = 0;
    double sum = 0;
    for (int i = 0; i < length; i++) {
      float code = Codes.code(x[i], step, 0, high);
      inactive += code == 0 ? 1 : 0;
      sum += code;
      x[i] = code * step;
    }
    penalty = sum * step;
    zeros += inactive;
    seen += length;
  }

  /**
   * Gradient at the pre-activations, in place, for loss + λ·Σ|a|; adds to the step's gradient.
   *
   * @param x the pre-activations
   * @param gradient at the activations in, at the pre-activations out
   * @param lambda weight of the penalty, in the units of {@code gradient}
   * @param batch images in the batch
   */
  public void backward(float[] x, float[] gradient, int length, float lambda, int batch) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      float q = x[i] / step;
      float g = gradient[i] + lambda;
      if (q <= 0) {
        gradient[i] = 0;
      } else if (q <= high) {
        sum += g * (double) (Codes.code(x[i], step, 0, high) - q);
        gradient[i] = g;
      } else {
        sum += g * (double) high;
        gradient[i] = 0;
      }
    }
    stepGradient = sum / Math.sqrt((double) length / batch * high);
  }

  /** The step's gradient of the last {@link #backward}, scaled as LSQ asks. */
  public double stepGradient() {
    return stepGradient;
  }

  /** Σ|a| of the last {@link #forward}. */
  public double penalty() {
    return penalty;
  }

  /** Fraction of zero activations since the last {@link #resetCounts}; 0 where none were seen. */
  public double zeroFraction() {
    return seen == 0 ? 0 : (double) zeros / seen;
  }

  public void resetCounts() {
    zeros = 0;
    seen = 0;
  }

  private float firstStep(float[] x, int length) {
    if (!learned()) {
      return batchStep(x, length);
    }
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += Math.max(x[i], 0);
    }
    return (float) (2 * sum / length / Math.sqrt(high)) + 1e-6f;
  }

  /** The step that this batch alone asks for. */
  private float batchStep(float[] x, int length) {
    int stride = Math.max(1, length / SAMPLE);
    var sample = new float[(length + stride - 1) / stride];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = Math.max(x[i * stride], 0);
    }
    Arrays.sort(sample);
    int top = Math.min(sample.length - 1, (int) (CLIP_QUANTILE * sample.length));
    return quantizer == Quantizer.MAX
        ? sample[top] / high
        : Codes.bestStep(sample, 0, sample.length, 1, sample[sample.length - 1], 0, high);
  }
}
