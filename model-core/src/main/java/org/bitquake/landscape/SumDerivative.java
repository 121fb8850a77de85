package org.bitquake.landscape;

/**
 * The sum of each channel.
 *
 * @param from flow past the input; null if that is the image
 */
record SumDerivative(SumPass pass, Flow from, Flow to) implements LayerDerivative {
  @Override
  public void tangent() {
    if (from != null) {
      pass.add(from.tangent(), to.tangent());
    }
  }

  @Override
  public void backward(boolean second) {
    if (from == null) {
      return;
    }
    pass.spread(to.gradient(), from.gradient());
    if (second) {
      pass.spread(to.gradientTangent(), from.gradientTangent());
    }
  }
}
