package org.bitquake.quant;

import java.util.Arrays;

/**
 * Fake quantisation of one layer's activations behind its ReLU: {@code a = step · rint(clip(x /
 * step, 0, 2^b − 1))}, with straight-through gradients and the L1 penalty of activation-sparse
 * training. A pre-activation of exactly 0 counts as inactive.
 *
 * <p>Learned steps follow LSQ (arXiv 1902.08153) with n the activations of one image; or LIQ, which
 * learns the clip {@code c = step · (2^b − 1)}, from 3 on, by its own gradient: that of the step
 * here is over (2^b − 1)², so that to descend by it moves c as c's own would.
 */
public final class ActivationQuantizer {
  private static final int SAMPLE = 20_000;
  private static final double CLIP_QUANTILE = 0.999;
  private static final float FIRST_CLIP = 3;

  /** What stays in the first cache between two loops over it. */
  private static final int CHUNK = 1024;

  /** Takes the least excess over a clip above 1; twice, any positive float. */
  private static final float HUGE = 0x1p100f;

  private final ActivationStep step;
  private final int bits;
  private final float high;
  private final float[] values = new float[CHUNK];
  private final float[] gradients = new float[CHUNK];
  private final float[] slope = new float[CHUNK];
  private final float[] inside = new float[CHUNK];
  private boolean exact;
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
    if (adapts(adapt)) {
      adapt(x, length);
    }
    quantize(x, length);
  }

  /**
   * Whether {@link #adapt} is due before the next batch is quantised.
   *
   * @param may whether steps that are not learned may follow the batch
   */
  public boolean adapts(boolean may) {
    return !exact && (!step.started() || (may && !step.learned()));
  }

  /** Finds the first step in the pre-activations of a batch, or asks for the one they want. */
  public void adapt(float[] x, int length) {
    if (!step.started()) {
      step.set(firstStep(x, length));
    } else {
      step.ask(batchStep(x, length));
    }
  }

  /** Quantises pre-activations, of a batch or a part of it, in place. */
  public void quantize(float[] x, int length) {
    if (exact) {
      rectify(x, length);
      return;
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
    for (int i = 0; i < length; i++) {
      // 1 for a 0 alone: all others have positive bits. A branch would be mispredicted.
      inactive += (Float.floatToRawIntBits(activations[i]) - 1) >>> 31;
    }
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
    double sum = 0;
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      // The compiler makes vectors of loops that start at 0 alone.
      System.arraycopy(x, from, values, 0, count);
      System.arraycopy(gradient, from, gradients, 0, count);
      derive(count);
      for (int k = 0; k < count; k++) {
        gradients[k] += lambda;
      }
      for (int k = 0; k < count; k++) {
        sum += gradients[k] * (double) slope[k];
      }
      for (int k = 0; k < count; k++) {
        gradients[k] = gradients[k] * inside[k] + 0f; // + 0 turns −0 into 0
      }
      System.arraycopy(gradients, 0, gradient, from, count);
    }
    step.addGradient(
        step.quantizer() == Quantizer.LIQ
            ? sum / ((double) high * high)
            : sum / Math.sqrt((double) length / batch * high));
  }

  /**
   * Of each activation its derivatives by the step and by the pre-activation, which is 1 where 0 <
   * x ≤ high · step, else 0. Without a comparison or a sum, so that the compiler makes vectors.
   */
  private void derive(int count) {
    float s = step.value();
    float top = high;
    for (int k = 0; k < count; k++) {
      float q = values[k] / s;
      float over = Math.min(Math.max((q - top) * HUGE, 0), 1);
      float clipped = Math.min(Math.max(q, 0), top);
      slope[k] = Codes.rint(clipped) - clipped * (1 - over);
      inside[k] = Math.min(Math.max(q * HUGE * HUGE, 0), 1) * (1 - over);
    }
  }

  /** The gradient of the step in this pass, of all layers that share it. */
  public double stepGradient() {
    return step.gradient();
  }

  /** Fraction of zero activations since the last {@link #resetCounts}; 0 where none were seen. */
  public double zeroFraction() {
    return seen == 0 ? 0 : (double) zeros / seen;
  }

  /** Adds the activations that another one has seen, which forgets them. */
  public void takeCounts(ActivationQuantizer other) {
    zeros += other.zeros;
    seen += other.seen;
    other.resetCounts();
  }

  public void resetCounts() {
    zeros = 0;
    seen = 0;
  }

  private float firstStep(float[] x, int length) {
    if (!step.learned()) {
      return batchStep(x, length);
    }
    if (step.quantizer() == Quantizer.LIQ) {
      return FIRST_CLIP / high;
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
