package org.bitquake.network;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;

/** A map with so many positions of value 0, code {@code zero}, on each side. */
public record Pad(
    String name, int input, Shape inputShape, int top, int left, int bottom, int right)
    implements Layer {
  public Pad {
    Check.layerName(name);
    Check.layerInput(name, input);
    for (int side : new int[] {top, left, bottom, right}) {
      Check.that(side >= 0 && side <= Window.MAX, "layer %s: padding of %d positions", name, side);
    }
    Check.tensor(
        name,
        inputShape.channels(),
        (long) inputShape.height() + top + bottom,
        (long) inputShape.width() + left + right);
  }

  @Override
  public Shape outputShape() {
    return new Shape(
        inputShape.channels(),
        inputShape.height() + top + bottom,
        inputShape.width() + left + right);
  }

  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    return Optional.of(read.get(0));
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.pad(this);
  }
}
