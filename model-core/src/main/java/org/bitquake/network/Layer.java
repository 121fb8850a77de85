package org.bitquake.network;

import org.bitquake.data.Shape;

/**
 * One node of the integer graph. A layer reads the output codes of one earlier layer, named by its
 * position in {@link QuantizedNetwork#layers()}, or of the network's input ({@link
 * QuantizedNetwork#INPUT}).
 */
public sealed interface Layer permits Convolution, MaxPool, GlobalSum {
  /** Unique within the network, such as {@code conv1} or {@code block3.conv2}. */
  String name();

  /** Position of the layer whose output is read, or {@link QuantizedNetwork#INPUT}. */
  int input();

  /** Shape of the tensor read, {@code [C, H, W]}. */
  Shape inputShape();

  /** Shape of the tensor written, {@code [C, H, W]}. */
  Shape outputShape();
}
