package org.bitquake.onnx;

import java.util.Arrays;

/** The attributes of convolutions and poolings, where the integer graph has one number for two. */
final class Windows {
  private Windows() {}

  static int stride(Node node) {
    int[] strides = node.integers("strides");
    Require.that(
        strides == null || (strides.length == 2 && strides[0] == strides[1] && strides[0] > 0),
        "its strides %s differ or are not above 0",
        Arrays.toString(strides));
    return strides == null ? 1 : strides[0];
  }

  static int padding(Node node) {
    String auto = node.text("auto_pad", "NOTSET");
    Require.that(
        auto.equals("NOTSET") || auto.equals("VALID"),
        "auto_pad %s is not supported; export explicit pads",
        Require.quote(auto));
    int[] pads = node.integers("pads");
    if (pads == null || auto.equals("VALID")) {
      return 0;
    }
    Require.that(pads.length == 4, "its pads %s are not four", Arrays.toString(pads));
    requireAll(pads, pads[0], "pads");
    return pads[0];
  }

  static void requireKernel(Node node, int height, int width) {
    int[] kernel = node.integers("kernel_shape");
    Require.that(
        kernel == null || Arrays.equals(kernel, new int[] {height, width}),
        "its kernel_shape %s is not that of its weights, %d×%d",
        Arrays.toString(kernel),
        height,
        width);
  }

  static void requireAll(int[] values, int expected, String what) {
    for (int v : values == null ? new int[0] : values) {
      Require.that(
          v == expected, "its %s %s are not all %d", what, Arrays.toString(values), expected);
    }
  }
}
