package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.network.Window;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Floats;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Pool;
import org.bitquake.onnx.Value.Source.Averaged;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Tensor;

/** Maxima, averages and padding. */
final class PoolNodes {
  private static final String[] WINDOW = {
    "auto_pad",
    "ceil_mode",
    "count_include_pad",
    "dilations",
    "kernel_shape",
    "pads",
    "storage_order",
    "strides"
  };

  private final LayerList layers;
  private final QuantizerNodes quantizers;
  private final Readers readers;

  PoolNodes(LayerList layers, QuantizerNodes quantizers, Readers readers) {
    this.layers = layers;
    this.quantizers = quantizers;
    this.readers = readers;
  }

  Value maximum(Node node) {
    node.allow(WINDOW);
    Require.that(node.proto().getOutputCount() == 1, "its indices are not supported");
    Tensor in = node.tensor(0);
    requireMap(in);
    Window window = Windows.pooling(node, in.shape());
    requireWithin(window);
    var pool = new Pool(layers.name(node), window);
    if (in instanceof Levels levels) {
      return quantizers.levels(layers.pool(quantizers.codes(levels), pool), node);
    }
    Shape out = shape(in, window);
    if (in instanceof Sums sums) {
      node.requireOnlyReader(0);
      return sums.pooled(and(sums.pools(), pool), out);
    }
    if (in instanceof Floats floats) {
      node.requireOnlyReader(0);
      return floats.pooled(and(floats.pools(), pool), out);
    }
    return layers.pool(quantizers.codes(node, 0), pool);
  }

  private static List<Pool> and(List<Pool> pools, Pool pool) {
    List<Pool> all = new ArrayList<>(pools);
    all.add(pool);
    return all;
  }

  private static Shape shape(Tensor in, Window window) {
    Shape s = in.shape();
    return new Shape(s.channels(), window.outHeight(s), window.outWidth(s));
  }

  private static void requireWithin(Window w) {
    Require.that(
        w.top() < w.reachY()
            && w.bottom() < w.reachY()
            && w.left() < w.reachX()
            && w.right() < w.reachX(),
        "its windows %s may lie outside the map altogether",
        w);
  }

  private static void requireMap(Tensor in) {
    Require.that(
        in.form() == Form.MAP, "its input is flat or has channels last; it needs [N, C, H, W]");
  }

  Tensor average(Node node) {
    node.allow(WINDOW);
    Codes in = spatial(node);
    return average(node, in, Windows.pooling(node, in.shape()));
  }

  /** The average over windows of codes. */
  Floats averaged(Node node, Codes in, Window window) {
    requireWithin(window);
    boolean padding = node.integer("count_include_pad", 0) != 0;
    var averaged = new Averaged(layers.name(node), in, window, padding);
    return new Floats(averaged, shape(in, window), in.form());
  }

  private Tensor average(Node node, Codes in, Window window) {
    Shape map = in.shape();
    boolean whole =
        !window.isPadded()
            && window.kernelHeight() == map.height()
            && window.kernelWidth() == map.width();
    if (readers.isQuantized(node.proto().getOutput(0))) {
      return averaged(node, in, window);
    }
    Require.that(
        whole,
        "it averages over %s of a map of %s, and nothing quantises that before the next layer;"
            + " only the average of a whole map stays in integers",
        window,
        map);
    return layers.average(in, layers.name(node), in.form());
  }

  Tensor globalAverage(Node node) {
    node.allow();
    Codes in = spatial(node);
    return average(node, in, whole(in));
  }

  static Window whole(Codes in) {
    return Window.square(in.shape().height(), in.shape().width(), 1, 0);
  }

  Tensor mean(Node node) {
    node.allow("axes", "keepdims", "noop_with_empty_axes");
    int[] axes =
        node.has(1) ? node.constant(1, "axes").integers("its axes") : node.integers("axes");
    int[] sorted = axes == null ? new int[0] : axes.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] += sorted[i] < 0 ? 4 : 0;
    }
    Arrays.sort(sorted);
    Codes in = quantizers.codes(node, 0);
    Require.that(!in.form().flat(), "its input is flat; it needs [N, C, H, W]");
    boolean last = in.form() == Form.LAST;
    Require.that(
        Arrays.equals(sorted, last ? new int[] {1, 2} : new int[] {2, 3}),
        "it averages over axes %s; only height and width are supported",
        Arrays.toString(axes));
    Tensor mean = average(node, in, whole(in));
    return node.integer("keepdims", 1) == 0 ? mean.in(mean.form().flattened()) : mean;
  }

  /** Zeros around a map. */
  Value pad(Node node) {
    node.allow("mode", "pads", "value");
    Require.that(
        node.text("mode", "constant").equals("constant"),
        "its mode %s is not supported; constant is",
        Require.quote(node.text("mode", "constant")));
    Require.that(!node.has(3), "its axes are not supported; give pads for all dimensions");
    int[] pads =
        node.has(1) ? node.constant(1, "pads").integers("its pads") : node.integers("pads");
    Tensor in = node.tensor(0);
    Require.that(pads != null && Arrays.stream(pads).allMatch(p -> p >= 0), "its pads are below 0");
    if (Arrays.stream(pads).allMatch(p -> p == 0)) {
      return in;
    }
    requireMap(in);
    Require.that(
        pads.length == 8 && pads[0] == 0 && pads[1] == 0 && pads[4] == 0 && pads[5] == 0,
        "its pads %s are not for height and width of [N, C, H, W]",
        Arrays.toString(pads));
    Codes codes = in instanceof Levels l ? quantizers.codes(l) : quantizers.codes(node, 0);
    double value = node.real("value", 0);
    if (node.has(2)) {
      Constant given = node.constant(2, "value");
      value = given.isFloat() ? given.real("its value") : ConstantNodes.single(given, "value");
    }
    double zero = in instanceof Levels ? codes.zero() + codes.base() : 0;
    Require.that(value == zero, "it pads with %s; what stands for 0 is supported, %s", value, zero);
    int[] sides = {pads[2], pads[3], pads[6], pads[7]};
    Codes padded = layers.pad(codes, layers.name(node), sides);
    return in instanceof Levels ? quantizers.levels(padded, node) : padded;
  }

  private Codes spatial(Node node) {
    Codes codes = quantizers.codes(node, 0);
    requireMap(codes);
    return codes;
  }
}
