package org.bitquake.network;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;

/**
 * Tensors behind one another along the channels. Each part is brought to the output's step: {@code
 * y = ratio · (code − zero)} in float32, and a code as {@link Activation} says; a part of the
 * output's own step and zero point keeps its codes.
 *
 * @param inputs positions of the layers whose outputs are read, or {@link QuantizedNetwork#INPUT}
 * @param inputShapes their shapes, which differ in channels alone
 * @param ratios the step of each over the output's
 */
public record Concat(
    String name,
    List<Integer> inputs,
    List<Shape> inputShapes,
    List<Float> ratios,
    Activation activation)
    implements Layer {
  public Concat {
    inputs = List.copyOf(inputs);
    inputShapes = List.copyOf(inputShapes);
    ratios = List.copyOf(ratios);
    Check.layerName(name);
    Check.that(
        !inputs.isEmpty() && inputs.size() == inputShapes.size() && inputs.size() == ratios.size(),
        "layer %s: %d inputs, %d shapes and %d ratios",
        name,
        inputs.size(),
        inputShapes.size(),
        ratios.size());
    for (int i = 0; i < inputs.size(); i++) {
      Check.layerInput(name, inputs.get(i));
      Check.positive("layer " + name + ": ratio", ratios.get(i));
      Check.that(
          inputShapes.get(i).height() == inputShapes.get(0).height()
              && inputShapes.get(i).width() == inputShapes.get(0).width(),
          "layer %s: its parts %s and %s differ in more than channels",
          name,
          inputShapes.get(0),
          inputShapes.get(i));
    }
    Shape first = inputShapes.get(0);
    long channels = inputShapes.stream().mapToLong(Shape::channels).sum();
    Check.tensor(name, channels, first.height(), first.width());
  }

  @Override
  public int input() {
    return inputs.get(0);
  }

  @Override
  public Shape inputShape() {
    return inputShapes.get(0);
  }

  @Override
  public Shape outputShape() {
    int channels = inputShapes.stream().mapToInt(Shape::channels).sum();
    return new Shape(channels, inputShape().height(), inputShape().width());
  }

  /** The first channel of each part in the output. */
  public int[] firstChannels() {
    return IntStream.range(0, inputs.size())
        .map(i -> inputShapes.subList(0, i).stream().mapToInt(Shape::channels).sum())
        .toArray();
  }

  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    return Optional.of(activation.codes());
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.concat(this);
  }
}
