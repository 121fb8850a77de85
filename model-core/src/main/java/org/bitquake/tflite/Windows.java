package org.bitquake.tflite;

import static org.bitquake.tflite.Model.require;

import org.bitquake.data.Shape;
import org.bitquake.network.Window;

/** Where TensorFlow Lite's windows lie. */
final class Windows {
  private static final int SAME = 0;
  private static final int VALID = 1;

  private Windows() {}

  /**
   * @param padding SAME, so that {@code ⌈size / stride⌉} windows fit, the odd position of padding
   *     behind; or VALID, none
   * @param kernel height, width
   * @param stride down, across
   * @param dilation down, across
   */
  static Window of(int padding, int[] kernel, int[] stride, int[] dilation, Shape map) {
    require(padding == SAME || padding == VALID, "its padding is of the kind %d", padding);
    require(stride[0] > 0 && stride[1] > 0, "its strides are %d and %d", stride[0], stride[1]);
    require(
        dilation[0] > 0 && dilation[1] > 0, "its dilation is %d and %d", dilation[0], dilation[1]);
    int[] size = {map.height(), map.width()};
    int[] before = new int[2];
    int[] after = new int[2];
    for (int i = 0; i < 2 && padding == SAME; i++) {
      long windows = (size[i] + (long) stride[i] - 1) / stride[i];
      long reach = (kernel[i] - 1L) * dilation[i] + 1;
      long missing = Math.max(0, (windows - 1) * stride[i] + reach - size[i]);
      before[i] = Math.toIntExact(missing / 2);
      after[i] = Math.toIntExact(missing - before[i]);
    }
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        before[0],
        before[1],
        after[0],
        after[1],
        dilation[0],
        dilation[1]);
  }
}
