package org.bitquake.network;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;

/**
 * One node of the integer graph. A layer reads the output codes of earlier layers, named by their
 * position in {@link QuantizedNetwork#layers()}, or of the network's input ({@link
 * QuantizedNetwork#INPUT}).
 */
public sealed interface Layer
    permits Convolution, MaxPool, AveragePool, GlobalSum, Add, Concat, Pad {
  /** Unique within the network, such as {@code conv1} or {@code block3.conv2}. */
  String name();

  /** Position of the layer whose output is read, or {@link QuantizedNetwork#INPUT}. */
  int input();

  /** Positions of all tensors read; one may be there twice. */
  default List<Integer> inputs() {
    return List.of(input());
  }

  /** Shape of the tensor read, {@code [C, H, W]}. */
  Shape inputShape();

  /** Shapes of all tensors read, in the order of {@link #inputs}. */
  default List<Shape> inputShapes() {
    return List.of(inputShape());
  }

  /** Shape of the tensor written, {@code [C, H, W]}. */
  Shape outputShape();

  /**
   * What the codes written are.
   *
   * @param read those of each of {@link #inputs}
   * @return empty if logits are written
   * @throws IllegalArgumentException if the layer cannot take such codes
   */
  Optional<TensorCodes> codes(List<TensorCodes> read);

  /** Does what is to be done with a layer of this kind. */
  <R> R match(LayerCases<R> cases);
}
