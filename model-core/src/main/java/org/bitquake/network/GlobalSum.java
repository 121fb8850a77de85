package org.bitquake.network;

import org.bitquake.data.Shape;

/**
 * Global average pooling in integers: the sum of the codes of each channel. Its divisor is folded
 * into the scale of the layer that reads it, so its output may exceed the activation bits.
 */
public record GlobalSum(String name, int input, Shape inputShape) implements Layer {
  public GlobalSum {
    Check.layerName(name);
    Check.layerInput(name, input);
  }

  @Override
  public Shape outputShape() {
    return new Shape(inputShape.channels(), 1, 1);
  }
}
