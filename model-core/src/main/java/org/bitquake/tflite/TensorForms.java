package org.bitquake.tflite;

import static org.bitquake.tflite.Model.require;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.tflite.Model.Tensor;

/** What the tensors of a model are in a network. */
final class TensorForms {
  private TensorForms() {}

  /** {@code [1, H, W, C]}, or {@code [1, C]}. */
  static Shape shape(Tensor tensor) {
    int[] s = tensor.shape();
    require(
        (s.length == 4 || s.length == 3 || s.length == 2)
            && Arrays.stream(s, 1, s.length).allMatch(d -> d > 0),
        "tensor %s has the shape %s; [1, H, W, C] and [1, C] are supported",
        tensor.name(),
        Arrays.toString(s));
    return switch (s.length) {
      case 4 -> new Shape(s[3], s[1], s[2]);
      case 3 -> new Shape(1, s[1], s[2]);
      default -> new Shape(s[1], 1, 1);
    };
  }

  /**
   * The codes of a tensor, bounded by a fused activation.
   *
   * @param activation 0 none, 1 ReLU, 2 ReLU −1 to 1, 3 ReLU6
   */
  static Activation codes(Tensor tensor, int activation) {
    require(
        tensor.isCodes(),
        "tensor %s is %s with %d scales; 8-bit integers with one scale and one zero point are"
            + " supported",
        tensor.name(),
        tensor.typeName(),
        tensor.step().length);
    float step = tensor.step()[0];
    int low = tensor.low();
    int high = low + 255;
    int zero = tensor.zeroPoint();
    require(
        zero >= low && zero <= high,
        "tensor %s has the zero point %d, outside %d…%d",
        tensor.name(),
        zero,
        low,
        high);
    return switch (activation) {
      case 0 -> Activation.of(step, low, high, zero);
      case 1 -> Activation.of(step, zero, high, zero);
      case 2 ->
          Activation.of(
              step,
              Math.max(low, zero - steps(1, step)),
              Math.min(high, zero + steps(1, step)),
              zero);
      case 3 -> Activation.of(step, zero, Math.min(high, zero + steps(6, step)), zero);
      default ->
          throw new IllegalArgumentException(
              "its fused activation " + activation + " is not supported; ReLU, ReLU6 are");
    };
  }

  private static int steps(float value, float step) {
    return (int) Math.min(255, Math.rint(value / step));
  }
}
