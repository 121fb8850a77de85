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
  private static final int SAMPLE = 20_000;
  private static final double CLIP_QUANTILE = 0.999;

  private final ActivationStep step;
  private final int bits;
  private final float high;
  private boolean exact;
  private double penalty;
  private long zeros;
  private long seen;

  /** Activations with a step of their own. */
  public ActivationQuantizer(Quantizer quantizer, int bits) {
    this(new ActivationStep(quantizer), bits);
  }

  /**
   * @param step may be shared with other layers
   */
  public ActivationQuantizer(ActivationStep step, int bits) {
    this.step = step;
    this.bits = bits;
    this.high = (1 << bits) - 1;
  }

  public int bits() {
    return bits;
  }

  public float step() {
    return step.value();
  }

  /** Sets a known step, in place of one found from the first batch. */
  public void setStep(float value) {
    step.set(value);
  }

  /** Whether to be a ReLU without rounding and clipping. */
  public void setExact(boolean exact) {
    this.exact = exact;
  }

  /**
   * Quantises the pre-activations in place.
   *
   * @param adapt whether steps that are not learned may follow this batch, at the end of the pass
   */
  public void forward(float[] x, int length, boolean adapt) {
    if (exact) {
      rectify(x, length);
      return;
    }
    if (!step.started()) {
      step.set(firstStep(x, length));
    } else if (adapt && !step.learned()) {
      step.ask(batchStep(x, length));
    }
    float s = step.value();
    for (int i = 0; i < length; i++) {
      x[i] = Codes.code(x[i], s, 0, high) * s;
    }
    count(x, length);
  }

  private void rectify(float[] x, int length) {
    for (int i = 0; i < length; i++) {
      x[i] = Math.max(x[i], 0);
    }
    count(x, length);
  }

  private void count(float[] activations, int length) {
    int inactive = 0;
    double sum = 0;
    for (int i = 0; i < length; i++) {
      // 1 for a 0 alone: all others have positive bits. A branch would be mispredicted.
      inactive += (Float.floatToRawIntBits(activations[i]) - 1) >>> 31;
      sum += activations[i];
    }
    penalty = sum;
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
    if (exact) {
      for (int i = 0; i < length; i++) {
        gradient[i] = x[i] > 0 ? gradient[i] + lambda : 0;
      }
      return;
    }
    float s = step.value();
    long top = Float.floatToRawIntBits(high);
    double sum = 0;
    for (int i = 0; i < length; i++) {
      float q = x[i] / s;
      float g = gradient[i] + lambda;
      // All ones where 0 < q ≤ high, else 0: floats of equal sign are ordered as their bits are.
      long rank = (Float.floatToRawIntBits(q) - 1) & 0xffffffffL;
      int inside = (int) ((rank - top) >> 63);
      float passed = Float.intBitsToFloat(Float.floatToRawIntBits(q) & inside);
      sum += g * (double) (Codes.code(x[i], s, 0, high) - passed);
      gradient[i] = Float.intBitsToFloat(Float.floatToRawIntBits(g) & inside);
    }
    step.addGradient(sum / Math.sqrt((double) length / batch * high));
  }

  /** The gradient of the step in this pass, of all layers that share it. */
  public double stepGradient() {
    return step.gradient();
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
    if (!step.learned()) {
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
    return step.quantizer() == Quantizer.MAX
        ? sample[top] / high
        : Codes.bestStep(sample, 0, sample.length, 1, sample[sample.length - 1], 0, high);
  }
}
