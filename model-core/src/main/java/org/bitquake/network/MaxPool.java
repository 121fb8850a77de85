package org.bitquake.network;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;

/** Maximum over windows of codes. Padding is never the maximum: it reads as the smallest code. */
public record MaxPool(String name, int input, Shape inputShape, Window window) implements Layer {
  public MaxPool {
    Check.layerName(name);
    Check.layerInput(name, input);
    Check.pooling(name, window, inputShape);
  }

  /** Windows of {@code size × size}, no padding. */
  public MaxPool(String name, int input, Shape inputShape, int size, int stride) {
    this(name, input, inputShape, Window.square(size, size, stride, 0));
  }

  /** Whether windows are square and nothing is padded. */
  public boolean isPlain() {
    return window.isSquare() && !window.isPadded() && window.kernelHeight() == window.kernelWidth();
  }

  /**
   * Rows and columns of a window.
   *
   * @throws IllegalStateException unless it {@linkplain #isPlain is plain}
   */
  public int size() {
    return plain().kernelHeight();
  }

  /**
   * The stride both ways.
   *
   * @throws IllegalStateException unless it {@linkplain #isPlain is plain}
   */
  public int stride() {
    return plain().strideY();
  }

  private Window plain() {
    if (!isPlain()) {
      throw new IllegalStateException("windows of " + window + " have no one size and stride");
    }
    return window;
  }

  @Override
  public Shape outputShape() {
    return new Shape(
        inputShape.channels(), window.outHeight(inputShape), window.outWidth(inputShape));
  }

  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    return Optional.of(read.get(0));
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.maxPool(this);
  }
}
