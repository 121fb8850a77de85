package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Affine;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Image;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Pool;
import org.bitquake.onnx.Value.Stem;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Weights;

/** Nodes with weights, poolings, and what stands between a layer's sums and its quantiser. */
final class LayerNodes {
  private final LayerList layers;

  LayerNodes(LayerList layers) {
    this.layers = layers;
  }

  Sums convolution(Node node) {
    node.allow("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides");
    Codes in = spatial(node);
    Weights weights = weights(node, 1);
    int[] dims = weights.dims();
    Require.that(dims.length == 4, "its weights have %d dimensions, not 4", dims.length);
    Windows.requireKernel(node, dims[2], dims[3]);
    Windows.requireAll(node.integers("dilations"), 1, "dilations");
    int groups = node.integer("group", 1);
    var geometry =
        new Geometry(
            dims[0], dims[2], dims[3], Windows.stride(node), Windows.padding(node), groups);
    Require.that(
        (long) dims[1] * groups == in.shape().channels(),
        "its weights read %d channels in %d groups, but its input has %d",
        dims[1],
        groups,
        in.shape().channels());
    return sums(node, in, geometry, weights, 2);
  }

  Sums gemm(Node node) {
    node.allow("alpha", "beta", "transA", "transB");
    Require.that(
        node.real("alpha", 1) == 1 && node.real("beta", 1) == 1, "alpha and beta must be 1");
    node.must("transA", 0);
    Weights weights = weights(node, 1);
    return dense(node, node.integer("transB", 0) == 0 ? weights.transposed() : weights, 2);
  }

  Sums matrixProduct(Node node) {
    node.allow();
    return dense(node, weights(node, 1).transposed(), Integer.MAX_VALUE);
  }

  private Sums dense(Node node, Weights weights, int bias) {
    Codes in = codes(node, 0);
    Require.that(in.flat(), "its input is not flat; flatten it first");
    Require.that(
        weights.dims().length == 2 && weights.dims()[1] == in.shape().size(),
        "its weights %s do not fit %d inputs",
        Arrays.toString(weights.dims()),
        in.shape().size());
    Shape shape = in.shape();
    var geometry = new Geometry(weights.dims()[0], shape.height(), shape.width(), 1, 0, 1);
    return sums(node, in, geometry, weights, bias).flat(true);
  }

  private Sums sums(Node node, Codes in, Geometry g, Weights weights, int bias) {
    Require.that(
        in.offset() == 0, "it reads codes with a zero point; only additions may read those");
    var codes = weights.weightCodes();
    Affine affine = Affine.ofSums(codes.step(), in.step(), g.outChannels());
    if (node.has(bias)) {
      Require.that(
          node.constant(bias, "bias").length() == g.outChannels(),
          "its bias has %d values for %d channels",
          node.constant(bias, "bias").length(),
          g.outChannels());
      affine = affine.plus(node.constant(bias, "bias").reals("its bias"));
    }
    var stem = new Stem(layers.name(node), in, g, codes);
    long height = (in.shape().height() + 2L * g.padding() - g.kernelHeight()) / g.stride() + 1;
    long width = (in.shape().width() + 2L * g.padding() - g.kernelWidth()) / g.stride() + 1;
    Require.that(height > 0 && width > 0, "its kernel does not fit its input %s", in.shape());
    Shape out = new Shape(g.outChannels(), Math.toIntExact(height), Math.toIntExact(width));
    return new Sums(
        stem, affine, Optional.empty(), false, Float.POSITIVE_INFINITY, List.of(), out, false);
  }

  Sums normalization(Node node) {
    node.allow("epsilon", "momentum", "training_mode", "spatial");
    node.must("training_mode", 0);
    node.must("spatial", 1);
    float[][] p = new float[4][];
    String[] what = {"scale", "bias", "mean", "variance"};
    for (int i = 0; i < 4; i++) {
      p[i] = node.constant(i + 1, what[i]).reals("its " + what[i]);
    }
    Sums sums = floats(node, 0);
    float epsilon = node.real("epsilon", 1e-5f);
    return sums.with(sums.affine().normalized(p[0], p[1], p[2], p[3], epsilon));
  }

  Value relu(Node node) {
    node.allow();
    return node.input(0) instanceof Codes codes && codes.offset() == 0
        ? codes
        : floats(node, 0).clipped(Float.POSITIVE_INFINITY);
  }

  /** Clip of floats: Relu6 and its like. */
  Sums clip(Node node) {
    node.allow("min", "max");
    float least = node.has(1) ? node.scalar(1, "minimum") : node.real("min", Float.NaN);
    float most =
        node.has(2) ? node.scalar(2, "maximum") : node.real("max", Float.POSITIVE_INFINITY);
    Require.that(
        least == 0 && most > 0, "it clips floats to %s…%s; the minimum must be 0", least, most);
    return floats(node, 0).clipped(most);
  }

  Sums addition(Node node) {
    node.allow();
    for (int i = 0; i < 2; i++) {
      if (node.input(1 - i) instanceof Constant c) {
        Sums sums = floats(node, i);
        return sums.with(sums.affine().plus(perChannel(c, sums)));
      }
    }
    int main = node.input(0) instanceof Sums ? 0 : 1;
    Require.that(
        !(node.input(1 - main) instanceof Sums),
        "both of its operands are sums that are not quantised; quantise the shortcut before it");
    Require.that(
        node.input(main) instanceof Sums,
        "both of its operands are quantised; one must be a layer's sums, quantised after the"
            + " addition");
    var sums = (Sums) node.input(main);
    Codes codes = codes(node, 1 - main);
    Require.that(
        codes.shape().equals(sums.shape()) && codes.flat() == sums.flat(),
        "it adds tensors of shapes %s and %s",
        sums.shape(),
        codes.shape());
    return sums.plus(codes);
  }

  private static float[] perChannel(Constant c, Sums sums) {
    float[] values = c.reals("the constant it adds");
    int channels = sums.shape().channels();
    if (values.length == 1) {
      float[] all = new float[channels];
      Arrays.fill(all, values[0]);
      return all;
    }
    int fromEnd = sums.flat() ? 1 : 3;
    int rank = c.dims().length;
    Require.that(
        values.length == channels
            && rank >= fromEnd
            && c.dims()[rank - fromEnd] == channels
            && (!sums.flat() || sums.shape().size() == channels),
        "it adds a constant %s that is not one value per channel",
        Arrays.toString(c.dims()));
    return values;
  }

  Value maxPool(Node node) {
    node.allow(
        "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides");
    Require.that(node.proto().getOutputCount() == 1, "its indices are not supported");
    Windows.requireAll(node.integers("dilations"), 1, "dilations");
    Require.that(Windows.padding(node) == 0, "it pads; poolings without padding are supported");
    int[] kernel = node.integers("kernel_shape");
    Require.that(
        kernel != null && kernel.length == 2 && kernel[0] == kernel[1],
        "its window %s is not square",
        Arrays.toString(kernel));
    int stride = Windows.stride(node);
    var pool = new Pool(layers.name(node), kernel[0], stride);
    boolean isSums = node.input(0) instanceof Sums;
    Shape in = isSums ? floats(node, 0).shape() : spatial(node).shape();
    requireFloor(node, in, kernel[0], stride);
    if (!isSums) {
      return layers.pool(spatial(node), pool);
    }
    Sums sums = floats(node, 0);
    Require.that(!sums.flat(), "it pools a flat tensor");
    List<Pool> pools = new ArrayList<>(sums.pools());
    pools.add(pool);
    Shape out = new MaxPool(pool.name(), 0, in, kernel[0], stride).outputShape();
    return sums.pooled(pools, out);
  }

  private static void requireFloor(Node node, Shape in, int size, int stride) {
    boolean even = (in.height() - size) % stride == 0 && (in.width() - size) % stride == 0;
    Require.that(
        even || node.integer("ceil_mode", 0) == 0,
        "its windows hang over the edge of %s (ceil_mode)",
        in);
  }

  Codes averagePool(Node node) {
    node.allow(
        "auto_pad",
        "ceil_mode",
        "count_include_pad",
        "dilations",
        "kernel_shape",
        "pads",
        "strides");
    int[] kernel = node.integers("kernel_shape");
    Shape in = spatial(node).shape();
    Require.that(
        kernel != null
            && Arrays.equals(kernel, new int[] {in.height(), in.width()})
            && Windows.padding(node) == 0,
        "it averages over %s of a map of %s; only the average of a whole map stays in integers",
        Arrays.toString(kernel),
        in);
    return layers.average(spatial(node), layers.name(node), false);
  }

  Codes globalAverage(Node node) {
    node.allow();
    return layers.average(spatial(node), layers.name(node), false);
  }

  Codes mean(Node node) {
    node.allow("axes", "keepdims", "noop_with_empty_axes");
    int[] axes =
        node.has(1) ? node.constant(1, "axes").integers("its axes") : node.integers("axes");
    int[] sorted = axes == null ? new int[0] : axes.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] += sorted[i] < 0 ? 4 : 0;
    }
    Arrays.sort(sorted);
    Require.that(
        Arrays.equals(sorted, new int[] {2, 3}),
        "it averages over axes %s; only height and width (2, 3) are supported",
        Arrays.toString(axes));
    return layers.average(spatial(node), layers.name(node), node.integer("keepdims", 1) == 0);
  }

  /** Flatten, and Reshape between {@code [N, C, H, W]} and {@code [N, C·H·W]}. */
  Value reshape(Node node) {
    Value in = node.input(0) instanceof Image ? codes(node, 0) : node.input(0);
    Require.that(in instanceof Codes || in instanceof Sums, "it reshapes %s", in.describe());
    Shape shape = in instanceof Codes c ? c.shape() : ((Sums) in).shape();
    boolean flat = node.op().equals("Flatten") ? flattens(node) : isFlat(node, shape);
    return in instanceof Codes c ? c.flat(flat) : ((Sums) in).flat(flat);
  }

  private static boolean flattens(Node node) {
    node.allow("axis").must("axis", 1);
    return true;
  }

  private static boolean isFlat(Node node, Shape shape) {
    node.allow("allowzero").must("allowzero", 0);
    int[] to = node.constant(1, "shape").integers("its shape");
    int[] map = {shape.channels(), shape.height(), shape.width()};
    boolean flat = to.length == 2 && (to[1] == -1 || to[1] == shape.size()) && to[0] != to[1];
    boolean same = to.length == 4 && Arrays.equals(Arrays.copyOfRange(to, 1, 4), map);
    Require.that(
        (flat || same) && to[0] >= -1,
        "it reshapes %s to %s; only flattening all but the batch is supported",
        shape,
        Arrays.toString(to));
    return flat;
  }

  /** An input that must be codes in {@code [N, C, H, W]}. */
  private static Codes spatial(Node node) {
    Codes codes = codes(node, 0);
    Require.that(!codes.flat(), "its input is flat; it needs [N, C, H, W]");
    return codes;
  }

  /** An input that must be codes; a float image is pixels / 255. */
  static Codes codes(Node node, int index) {
    Value value = node.input(index);
    if (value instanceof Image image && !image.bytes()) {
      int max = QuantizedNetwork.MAX_PIXEL;
      return new Codes(QuantizedNetwork.INPUT, image.shape(), 1 / 255f, 0, max, false);
    }
    Require.that(
        value instanceof Codes,
        "it reads %s; it needs quantised activations (QuantizeLinear, DequantizeLinear) there",
        value.describe());
    return (Codes) value;
  }

  private static Sums floats(Node node, int index) {
    Value value = node.input(index);
    Require.that(
        value instanceof Sums,
        "it reads %s; it is supported only between a layer and its quantiser",
        value.describe());
    node.requireOnlyReader();
    return (Sums) value;
  }

  private static Weights weights(Node node, int index) {
    Value value = node.input(index);
    Require.that(
        value instanceof Weights,
        "its weights are %s; they must be integers with a DequantizeLinear",
        value instanceof Constant ? "not quantised" : value.describe());
    return (Weights) value;
  }

  /**
   * DequantizeLinear of activations.
   *
   * @param done what another one made of the same integers, or null
   */
  Codes dequantized(Node node, Levels levels, Codes done) {
    var q = levels.quantizer();
    float step = node.scalar(1, "step");
    int zero = node.has(2) ? ConstantNodes.single(node.constant(2, "zero point"), "zero point") : 0;
    Require.that(
        step == q.step() && zero == q.zero(),
        "its step %s and zero point %d are not those of its QuantizeLinear, %s and %d",
        step,
        zero,
        q.step(),
        q.zero());
    if (levels.source() instanceof Sums sums) {
      return done == null ? layers.quantize(sums, q) : done;
    }
    int low = q.low() - q.zero();
    int high = q.high() - q.zero();
    if (levels.source() instanceof Image image) {
      Require.that(
          low == 0 && high == QuantizedNetwork.MAX_PIXEL && keepsPixels(step),
          "the image is quantised with step %s to %d…%d; the codes must be the 8-bit pixels (step"
              + " 1/255, zero point 0)",
          step,
          low,
          high);
      return new Codes(QuantizedNetwork.INPUT, image.shape(), step, 0, high, false);
    }
    var codes = (Codes) levels.source();
    Require.that(
        codes.step() == step && low <= -codes.offset() && high >= codes.max() - codes.offset(),
        "it quantises codes of step %s (%d…%d) again, with step %s (%d…%d); leave that quantiser"
            + " out or give it the same step",
        codes.step(),
        -codes.offset(),
        codes.max() - codes.offset(),
        step,
        low,
        high);
    return codes;
  }

  /** Whether quantising pixels / 255 with this step gives the pixels. */
  private static boolean keepsPixels(float step) {
    for (int pixel = 0; pixel <= QuantizedNetwork.MAX_PIXEL; pixel++) {
      if (Math.rint(pixel / 255f / step) != pixel) {
        return false;
      }
    }
    return true;
  }
}
