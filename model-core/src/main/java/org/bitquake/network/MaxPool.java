package org.bitquake.network;

import org.bitquake.data.Shape;

/** Maximum over {@code size × size} windows of codes, stride {@code stride}, no padding. */
public record MaxPool(String name, int input, Shape inputShape, int size, int stride)
    implements Layer {
  public MaxPool {
    Check.layerName(name);
    Check.layerInput(name, input);
    Check.that(
        size >= 1 && stride >= 1 && size <= inputShape.height() && size <= inputShape.width(),
        "layer %s: a %d×%d window with stride %d does not fit %s",
        name,
        size,
        size,
        stride,
        inputShape);
  }

  @Override
  public Shape outputShape() {
    return new Shape(
        inputShape.channels(),
        (inputShape.height() - size) / stride + 1,
        (inputShape.width() - size) / stride + 1);
  }
}
