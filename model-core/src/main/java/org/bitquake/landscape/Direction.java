package org.bitquake.landscape;

import org.bitquake.fault.Philox;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * A random direction through the space of a network's weights, filter-normalised (Li et al., 2018,
 * arXiv 1712.09913, section 4): Gaussian, then every filter, which is an output channel or a row of
 * a fully connected layer, scaled to the norm of the network's own. Biases have none.
 *
 * <p>The Gaussian numbers are a function of seed, direction number, layer and weight alone, so
 * networks of equal shapes share them. A filter without a weight other than 0 has no direction.
 *
 * @param values {@code [weight layer][outC, inC / groups, kH, kW]}, in units of the step; not to be
 *     written to
 */
public record Direction(float[][] values) {

  /** The filter-normalised direction of this number. */
  public static Direction random(QuantizedNetwork network, long seed, long number) {
    var layers = network.weightLayers();
    float[][] values = new float[layers.size()][];
    for (int l = 0; l < values.length; l++) {
      double[] raw = gaussian(seed, number, l, layers.get(l).weights().codes().length);
      values[l] = normalised(layers.get(l), raw);
    }
    return new Direction(values);
  }

  private static float[] normalised(Convolution layer, double[] raw) {
    int[] weights = layer.integerWeights();
    int taps = weights.length / layer.geometry().outChannels();
    float[] values = new float[weights.length];
    for (int from = 0; from < weights.length; from += taps) {
      long squares = 0;
      double rawSquares = 0;
      for (int i = from; i < from + taps; i++) {
        squares += (long) weights[i] * weights[i];
        rawSquares += raw[i] * raw[i];
      }
      double factor = Math.sqrt(squares / rawSquares);
      for (int i = from; i < from + taps; i++) {
        values[i] = (float) (factor * raw[i]);
      }
    }
    return values;
  }

  /**
   * Independent standard normal numbers by the method of Box and Muller (1958, <a
   * href="https://doi.org/10.1214/aoms/1177706645">doi:10.1214/aoms/1177706645</a>).
   */
  static double[] gaussian(long seed, long number, int layer, int count) {
    var random = new Philox(seed, number);
    double[] values = new double[count];
    for (int i = 0; i < count; i += 4) {
      random.block(i / 4, layer, 0, Philox.DIRECTIONS);
      for (int k = 0; k < 4 && i + k < count; k += 2) {
        double radius = Math.sqrt(-2 * StrictMath.log(Philox.unitOpenClosed(random.word(k))));
        double angle = 2 * Math.PI * Philox.unitClosedOpen(random.word(k + 1));
        values[i + k] = radius * StrictMath.cos(angle);
        if (i + k + 1 < count) {
          values[i + k + 1] = radius * StrictMath.sin(angle);
        }
      }
    }
    return values;
  }
}
