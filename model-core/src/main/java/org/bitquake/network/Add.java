package org.bitquake.network;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;

/**
 * The sum of two tensors of codes, in float32 with one rounding for each operation: {@code y =
 * ratio · (code − zero) + secondRatio · (secondCode − secondZero)}, and a code as {@link
 * Activation} says. Both operands are of the output's shape.
 *
 * @param input the first operand, of the shape {@code inputShape}
 * @param ratio the first operand's step over the output's
 * @param second position of the layer that wrote the other operand, or {@link
 *     QuantizedNetwork#INPUT}
 * @param secondRatio its step over the output's; negative for a difference
 */
public record Add(
    String name,
    int input,
    Shape inputShape,
    float ratio,
    int second,
    float secondRatio,
    Activation activation)
    implements Layer {
  public Add {
    Check.layerName(name);
    Check.layerInput(name, input);
    Check.layerInput(name, second);
    Check.finite("layer " + name + ": ratio", ratio);
    Check.finite("layer " + name + ": second ratio", secondRatio);
  }

  @Override
  public List<Integer> inputs() {
    return List.of(input, second);
  }

  @Override
  public List<Shape> inputShapes() {
    return List.of(inputShape, inputShape);
  }

  @Override
  public Shape outputShape() {
    return inputShape;
  }

  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    return Optional.of(activation.codes());
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.add(this);
  }
}
