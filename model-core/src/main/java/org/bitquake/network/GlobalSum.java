package org.bitquake.network;

import java.util.List;
import java.util.Optional;
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

  /** {@code H·W} times those that are read. */
  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    var in = read.get(0);
    long area = (long) inputShape.height() * inputShape.width();
    Check.that(
        area * in.max() <= Integer.MAX_VALUE,
        "layer %s: the sum of %d×%d codes up to %d does not fit 32 bits",
        name,
        inputShape.height(),
        inputShape.width(),
        in.max());
    return Optional.of(
        new TensorCodes((int) area * in.max(), (int) area * in.zero(), in.step(), 0));
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.globalSum(this);
  }
}
