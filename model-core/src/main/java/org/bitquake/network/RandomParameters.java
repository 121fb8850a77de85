package org.bitquake.network;

import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.ParameterSource.Parameters;
import org.bitquake.network.ParameterSource.Slot;

/**
 * Draws the parameters of an architecture: 4-bit weights, roughly normal, and biases and scales
 * that give every channel sums of about mean 0 and a spread of four codes, as batch normalisation
 * does.
 */
final class RandomParameters implements ParameterSource {
  private static final int BITS = 4;
  private static final Activation ACTIVATION = new Activation(BITS, 0.1f);
  private static final float WEIGHT_STEP = 0.03f;

  /** Spread of a layer's output before clipping, in codes. */
  private static final double SPREAD = 4;

  /** What a convolution reads: mean and root mean square of pixels, and of normal sums clipped. */
  private static final double[] PIXEL = {127.5, 147};

  private static final double[] CODE = {1.6, 2.8};

  private final SplittableRandom random;

  RandomParameters(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public Parameters parameters(Slot slot) {
    int outputs = slot.geometry().outChannels();
    int taps = (int) slot.geometry().taps(slot.inputShape());
    byte[] codes = codes(outputs * taps);
    boolean logits = slot.name().equals(LOGITS);
    int area = slot.inputArea();
    double[] read = slot.input() == QuantizedNetwork.INPUT ? PIXEL : CODE;
    float[] bias = new float[outputs];
    float[] scale = new float[outputs];
    for (int c = 0; c < outputs; c++) {
      double sum = 0;
      double squares = 0;
      for (int t = c * taps; t < (c + 1) * taps; t++) {
        sum += codes[t];
        squares += codes[t] * codes[t];
      }
      double spread = Math.sqrt(Math.max(1, squares)) * read[1] * area;
      double wanted = 0.4 * (random.nextDouble() - 0.5);
      bias[c] = (float) (-sum * read[0] * area + wanted * spread);
      scale[c] = (float) (SPREAD / spread);
    }
    return new Parameters(
        new WeightCodes(codes, BITS, new float[] {WEIGHT_STEP}),
        bias,
        scale,
        logits ? Optional.empty() : Optional.of(ACTIVATION));
  }

  /** Rounded sums of uniform numbers with a standard deviation of 2.2, clipped to 4 bits. */
  private byte[] codes(int count) {
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      int sum = 0;
      for (int k = 0; k < 12; k++) {
        sum += random.nextInt(9) - 4;
      }
      codes[i] = (byte) Math.max(-8, Math.min(7, Math.rint(sum / 4.0)));
    }
    return codes;
  }
}
