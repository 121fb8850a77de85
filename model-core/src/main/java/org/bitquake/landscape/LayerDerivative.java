package org.bitquake.landscape;

/** The derivatives of a layer, for the block that it last ran on. */
interface LayerDerivative {
  /** From the tangents of its inputs, and of its weights, to that of its output. */
  void tangent();

  /**
   * Adds its part to the gradients of its inputs.
   *
   * @param second whether to do the same for the tangents of the gradients
   */
  void backward(boolean second);
}
