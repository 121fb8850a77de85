package org.bitquake.train;

import org.bitquake.network.Activation;

/**
 * A layer's bias, in accumulator units, and scale, per output channel, with normalisation, the
 * divisor of a global average before the layer, and all steps folded in; computed in double and
 * rounded once.
 *
 * <p>A gain of 0, which leaves only β, is exported as one too small to change a code, since the
 * bias in accumulator units is β over the gain.
 */
record Folded(float[] bias, float[] scale) {
  private static final double SMALLEST_GAIN = 1e-12;

  static Folded of(QuantizedModel model, int l) {
    double unit =
        (double) model.weightQuantizers().get(l).step()
            * model.inputStep(l)
            / model.layer(l).inputArea();
    double outputStep = model.activation(l).map(Activation::step).orElse(1f);
    float[] real = model.slots().get(l).biases(model.master());
    var norm = model.norm(l);
    var bias = new float[real.length];
    var scale = new float[real.length];
    for (int c = 0; c < real.length; c++) {
      int channel = c;
      double gain = norm.map(n -> n.gain(channel)).orElse(1.0);
      if (Math.abs(gain) < SMALLEST_GAIN) {
        gain = Math.copySign(SMALLEST_GAIN, gain);
      }
      double offset = real[c] - norm.map(n -> n.mean(channel)).orElse(0.0) * gain;
      bias[c] = (float) (offset / (gain * unit));
      scale[c] = (float) (gain * unit / outputStep);
    }
    return new Folded(bias, scale);
  }
}
