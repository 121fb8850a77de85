package org.bitquake.network;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;

/**
 * Averages over windows, channel by channel: {@code sum = Σ (code − zero)} over the positions of
 * the window that lie on the map, an exact integer, then in float32 {@code y = (float) sum ·
 * factor(n)} and a code as {@link Activation} says.
 *
 * @param countPadding whether padding counts as positions of value 0, or not at all
 * @param ratio the input's step over the output's
 */
public record AveragePool(
    String name,
    int input,
    Shape inputShape,
    Window window,
    boolean countPadding,
    float ratio,
    Activation activation)
    implements Layer {
  public AveragePool {
    Check.layerName(name);
    Check.layerInput(name, input);
    Check.pooling(name, window, inputShape);
    Check.positive("layer " + name + ": ratio", ratio);
  }

  /**
   * What a sum is multiplied by: {@code (float) (ratio / n)}, divided in double.
   *
   * @param n positions on the map
   */
  public float factor(int n) {
    return (float) ((double) ratio / (countPadding ? window.taps() : Math.max(1, n)));
  }

  /** How many positions of a window lie on the map. */
  public int positions(int outY, int outX) {
    int rows =
        within(
            outY * window.strideY() - window.top(),
            window.kernelHeight(),
            window.dilationY(),
            inputShape.height());
    int columns =
        within(
            outX * window.strideX() - window.left(),
            window.kernelWidth(),
            window.dilationX(),
            inputShape.width());
    return rows * columns;
  }

  private static int within(int first, int kernel, int dilation, int size) {
    int n = 0;
    for (int k = 0; k < kernel; k++) {
      int at = first + k * dilation;
      n += at >= 0 && at < size ? 1 : 0;
    }
    return n;
  }

  @Override
  public Shape outputShape() {
    return new Shape(
        inputShape.channels(), window.outHeight(inputShape), window.outWidth(inputShape));
  }

  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    Check.that(
        (long) window.taps() * read.get(0).reach() <= Integer.MAX_VALUE,
        "layer %s: the sum of %d codes up to %d does not fit 32 bits",
        name,
        window.taps(),
        read.get(0).max());
    return Optional.of(activation.codes());
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.averagePool(this);
  }
}
