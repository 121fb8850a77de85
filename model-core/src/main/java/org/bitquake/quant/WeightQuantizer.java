package org.bitquake.quant;

/**
 * Fake quantisation of one layer's weights: {@code w_q = step · rint(clip(w / step, −2^(b−1),
 * 2^(b−1) − 1))}, with straight-through gradients.
 *
 * <p>Learned steps follow LSQ (arXiv 1902.08153): start {@code 2·mean|w| / √q}, gradient {@code Σ
 * g·(rint(w/s) − w/s)} inside the range and {@code Σ g·clip} outside, times {@code 1 / √(n·q)},
 * where q is the largest code and n the number of weights.
 */
public sealed class WeightQuantizer permits LiqWeights {
  private static final float SMALLEST_STEP = 1e-8f;

  private final Quantizer quantizer;
  private final int bits;
  private final float low;
  private final float high;
  private float step;

  /**
   * The quantiser of a layer, {@link LiqWeights} where it is LIQ.
   *
   * @param normalized whether what follows the layer undoes any scale, so that LIQ may normalise
   *     its weights
   * @param w the weights to start from, {@code w[offset … offset + length − 1]}
   */
  public static WeightQuantizer of(
      Quantizer quantizer, int bits, boolean normalized, float[] w, int offset, int length) {
    return quantizer == Quantizer.LIQ
        ? new LiqWeights(bits, normalized, w, offset, length)
        : new WeightQuantizer(quantizer, bits, w, offset, length);
  }

  /** Starts from the weights {@code w[offset … offset + length − 1]}. */
  WeightQuantizer(Quantizer quantizer, int bits, float[] w, int offset, int length) {
    this.quantizer = quantizer;
    this.bits = bits;
    this.high = (1 << (bits - 1)) - 1;
    this.low = -high - 1;
    double sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += Math.abs(w[i]);
    }
    setStep((float) (2 * sum / length / Math.sqrt(high)));
    refresh(w, offset, length);
  }

  public int bits() {
    return bits;
  }

  /** Real value of one unit of the integer weights. */
  public float step() {
    return step;
  }

  /** The magnitude of {@code value}, kept away from 0. */
  public void setStep(float value) {
    step = Math.max(Math.abs(value), SMALLEST_STEP);
  }

  /** True where the step is a parameter that gradient descent moves. */
  public boolean learned() {
    return quantizer.learns();
  }

  /** Whether a code q stands for the integer weight 2q + 1, instead of q. */
  public boolean midRise() {
    return false;
  }

  /** Derives the step from the weights, where it is not learned. */
  public void refresh(float[] w, int offset, int length) {
    if (learned()) {
      return;
    }
    float max = 0;
    for (int i = offset; i < offset + length; i++) {
      max = Math.max(max, Math.abs(w[i]));
    }
    setStep(
        quantizer == Quantizer.MAX
            ? max / high
            : Codes.bestStep(w, offset, length, 1, max, low, high));
  }

  /** Writes the quantised weights, in real units, to the same places of {@code target}. */
  public void quantize(float[] w, int offset, int length, float[] target) {
    for (int i = offset; i < offset + length; i++) {
      target[i] = Codes.code(w[i], step, low, high) * step;
    }
  }

  /** The weight codes. */
  public byte[] codes(float[] w, int offset, int length) {
    var codes = new byte[length];
    for (int i = 0; i < length; i++) {
      codes[i] = (byte) Codes.code(w[offset + i], step, low, high);
    }
    return codes;
  }

  /**
   * Turns the gradient at the quantised weights into the one at the master weights, in place: 0
   * outside the clip range.
   *
   * @return the gradient of the step, scaled as the quantiser asks
   */
  public double backward(float[] w, float[] gradient, int offset, int length) {
    double stepGradient = 0;
    for (int i = offset; i < offset + length; i++) {
      float q = w[i] / step;
      float code = Codes.code(w[i], step, low, high);
      if (q >= low && q <= high) {
        stepGradient += gradient[i] * (double) (code - q);
      } else {
        stepGradient += gradient[i] * (double) code;
        gradient[i] = 0;
      }
    }
    return stepGradient / Math.sqrt((double) length * high);
  }
}
