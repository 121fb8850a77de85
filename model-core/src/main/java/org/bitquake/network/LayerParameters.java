package org.bitquake.network;

import java.util.Optional;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.ParameterSource.Parameters;

/**
 * What a trainer knows of a layer with weights, in real units.
 *
 * @param codes weight codes {@code [outC, inC / groups, kH, kW]}
 * @param bits cells of a weight code
 * @param weightStep real value of one weight code
 * @param realBias {@code [outC]}, real units
 * @param inputStep real value of one input code
 * @param activation the layer's output codes; empty for the logits
 */
public record LayerParameters(
    byte[] codes,
    int bits,
    float weightStep,
    float[] realBias,
    float inputStep,
    Optional<Activation> activation) {
  public LayerParameters {
    Check.positive("weight step", weightStep);
    Check.positive("input step", inputStep);
    codes = codes.clone();
    realBias = realBias.clone();
  }

  /**
   * What the integer layer holds: bias {@code b / (s_w·s_in)} in accumulator units and scale {@code
   * s_w·s_in / s_out} (without activation {@code s_w·s_in}), both computed in double and rounded
   * once to float.
   */
  Parameters parameters() {
    double unit = (double) weightStep * inputStep;
    double scale = activation.map(a -> unit / a.step()).orElse(unit);
    float[] bias = new float[realBias.length];
    float[] scales = new float[realBias.length];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) (realBias[i] / unit);
      scales[i] = (float) scale;
    }
    var weights = new WeightCodes(codes, bits, new float[] {weightStep});
    return new Parameters(weights, bias, scales, activation);
  }
}
