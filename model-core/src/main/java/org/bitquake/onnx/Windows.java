package org.bitquake.onnx;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.Window;

/** Where the windows of convolutions and poolings lie. */
final class Windows {
  private Windows() {}

  /**
   * The windows that a node's attributes describe.
   *
   * @param kernel height, width
   */
  static Window of(Node node, int[] kernel, Shape map) {
    int[] stride = pair(node, "strides");
    int[] dilation = pair(node, "dilations");
    int[] p = padding(node, kernel, stride, dilation, map);
    var window =
        new Window(
            kernel[0],
            kernel[1],
            stride[0],
            stride[1],
            p[0],
            p[1],
            p[2],
            p[3],
            dilation[0],
            dilation[1]);
    Require.that(
        window.reachY() <= map.height() + window.top() + window.bottom()
            && window.reachX() <= map.width() + window.left() + window.right(),
        "its kernel does not fit its input %s",
        map);
    return window;
  }

  /**
   * The same for a pooling: with ceil_mode windows may hang over the lower and right edges, as if
   * there were more padding.
   */
  static Window pooling(Node node, Shape map) {
    int[] kernel = node.integers("kernel_shape");
    Require.that(
        kernel != null && kernel.length == 2 && kernel[0] > 0 && kernel[1] > 0,
        "its window %s has not two sizes above 0",
        Arrays.toString(kernel));
    Window w = of(node, kernel, map);
    if (node.integer("ceil_mode", 0) == 0) {
      return w;
    }
    int more = overhang(map.height() + w.top() + w.bottom() - w.reachY(), w.strideY());
    int across = overhang(map.width() + w.left() + w.right() - w.reachX(), w.strideX());
    var hanging =
        new Window(
            w.kernelHeight(),
            w.kernelWidth(),
            w.strideY(),
            w.strideX(),
            w.top(),
            w.left(),
            w.bottom() + more,
            w.right() + across,
            w.dilationY(),
            w.dilationX());
    boolean begin =
        (hanging.outHeight(map) - 1) * w.strideY() < map.height() + w.top()
            && (hanging.outWidth(map) - 1) * w.strideX() < map.width() + w.left();
    Require.that(
        begin && (more + across == 0 || node.integer("count_include_pad", 0) == 0),
        "its windows hang over the edge of %s (ceil_mode) in a way that runtimes see differently;"
            + " export it with ceil_mode 0",
        map);
    return hanging;
  }

  private static int overhang(int room, int stride) {
    return (stride - room % stride) % stride;
  }

  private static int[] pair(Node node, String name) {
    int[] values = node.integers(name);
    if (values == null) {
      return new int[] {1, 1};
    }
    Require.that(
        values.length == 2 && values[0] > 0 && values[1] > 0,
        "its %s %s are not two or not above 0",
        name,
        Arrays.toString(values));
    return values;
  }

  /** Above, left, below, right. */
  private static int[] padding(Node node, int[] kernel, int[] stride, int[] dilation, Shape map) {
    String auto = node.text("auto_pad", "NOTSET");
    int[] pads = node.integers("pads");
    switch (auto) {
      case "NOTSET" -> {
        Require.that(
            pads == null || pads.length == 4, "its pads %s are not four", Arrays.toString(pads));
        return pads == null ? new int[4] : pads;
      }
      case "VALID" -> {
        return new int[4];
      }
      case "SAME_UPPER", "SAME_LOWER" -> {
        int[] result = new int[4];
        int[] size = {map.height(), map.width()};
        for (int i = 0; i < 2; i++) {
          long windows = (size[i] + (long) stride[i] - 1) / stride[i];
          long reach = (kernel[i] - 1L) * dilation[i] + 1;
          long missing = Math.max(0, (windows - 1) * stride[i] + reach - size[i]);
          long less = missing / 2;
          boolean upper = auto.equals("SAME_UPPER");
          result[i] = Math.toIntExact(upper ? less : missing - less);
          result[i + 2] = Math.toIntExact(upper ? missing - less : less);
        }
        return result;
      }
      default ->
          throw Require.no(
              "auto_pad %s is not supported; export explicit pads", Require.quote(auto));
    }
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
}
