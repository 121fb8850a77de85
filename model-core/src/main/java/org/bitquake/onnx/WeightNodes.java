package org.bitquake.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Affine;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Window;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Stem;
import org.bitquake.onnx.Value.Sums;

/** Nodes with weights, and what folds into their sums before they are quantised. */
final class WeightNodes {
  private final LayerList layers;
  private final QuantizerNodes quantizers;

  WeightNodes(LayerList layers, QuantizerNodes quantizers) {
    this.layers = layers;
    this.quantizers = quantizers;
  }

  Sums convolution(Node node) {
    Sums sums = convolution(node, spatial(node), weights(node, 1));
    return node.has(2) ? biased(sums, node.reals(2, "bias")) : sums;
  }

  Sums convolution(Node node, Codes in, Weights weights) {
    node.allow("auto_pad", "dilations", "group", "kernel_shape", "pads", "strides");
    int[] dims = weights.dims();
    Require.that(dims.length == 4, "its weights have %d dimensions, not 4", dims.length);
    Windows.requireKernel(node, dims[2], dims[3]);
    int groups = node.integer("group", 1);
    Window window = Windows.of(node, new int[] {dims[2], dims[3]}, in.shape());
    var geometry = new Geometry(dims[0], window, groups);
    Require.that(
        (long) dims[1] * groups == in.shape().channels(),
        "its weights read %d channels in %d groups, but its input has %d",
        dims[1],
        groups,
        in.shape().channels());
    return sums(node, in, geometry, weights, Form.MAP);
  }

  Sums gemm(Node node) {
    node.allow("alpha", "beta", "transA", "transB");
    Require.that(
        node.real("alpha", 1) == 1 && node.real("beta", 1) == 1, "alpha and beta must be 1");
    node.must("transA", 0);
    Weights weights = weights(node, 1);
    boolean turned = node.integer("transB", 0) != 0;
    Sums sums = dense(node, codes(node, 0), turned ? weights : weights.transposed());
    return node.has(2) ? biased(sums, node.reals(2, "bias")) : sums;
  }

  Sums matrixProduct(Node node) {
    node.allow();
    return dense(node, codes(node, 0), weights(node, 1).transposed());
  }

  /**
   * A layer that reads all values.
   *
   * @param weights output channels first
   */
  Sums dense(Node node, Codes in, Weights weights) {
    Shape shape = in.shape();
    Require.that(in.form().flat(), "its input is not flat; flatten it first");
    Require.that(
        weights.dims().length == 2 && weights.dims()[1] == shape.size(),
        "its weights %s do not fit %d inputs",
        Arrays.toString(weights.dims()),
        shape.size());
    boolean last = in.form() == Form.VECTOR_LAST && shape.height() * shape.width() > 1;
    var ordered = last ? weights.channelsFirst(shape) : weights;
    var window = Window.square(shape.height(), shape.width(), 1, 0);
    var geometry = new Geometry(weights.dims()[0], window, 1);
    return sums(node, in, geometry, ordered, Form.VECTOR);
  }

  private Sums sums(Node node, Codes in, Geometry g, Weights weights, Form form) {
    var codes = weights.weightCodes();
    Affine affine = Affine.ofSums(codes.step(), in.step(), g.outChannels());
    var stem = new Stem(layers.name(node), in, g, codes);
    var out =
        new Shape(
            g.outChannels(), g.window().outHeight(in.shape()), g.window().outWidth(in.shape()));
    return new Sums(
        stem,
        affine,
        Optional.empty(),
        Double.NEGATIVE_INFINITY,
        Double.POSITIVE_INFINITY,
        List.of(),
        out,
        form);
  }

  private static Sums biased(Sums sums, Constant bias) {
    Require.that(
        bias.length() == sums.affine().channels(),
        "its bias has %d values for %d channels",
        bias.length(),
        sums.affine().channels());
    return sums.with(sums.affine().plus(bias.reals("its bias")));
  }

  Sums normalization(Node node) {
    node.allow("epsilon", "momentum", "training_mode", "spatial");
    node.must("training_mode", 0);
    node.must("spatial", 1);
    float[][] p = new float[4][];
    String[] what = {"scale", "bias", "mean", "variance"};
    for (int i = 0; i < 4; i++) {
      p[i] = node.reals(i + 1, what[i]).reals("its " + what[i]);
    }
    Sums sums = sums(node, 0);
    float epsilon = node.real("epsilon", 1e-5f);
    return sums.with(sums.affine().normalized(p[0], p[1], p[2], p[3], epsilon));
  }

  /**
   * Add, Sub, Mul or Div of sums and a constant of one number, or one for each channel.
   *
   * @param index of the sums among the inputs
   */
  static Sums arithmetic(Node node, int index) {
    Sums sums = sums(node, index);
    float[] values = perChannel(node.reals(1 - index, "constant"), sums);
    return sums.with(arithmetic(node.op(), sums.affine(), values, index == 0));
  }

  private static Affine arithmetic(String op, Affine affine, float[] values, boolean first) {
    double[] factor = new double[values.length];
    switch (op) {
      case "Add" -> {
        return affine.plus(values);
      }
      case "Sub" -> {
        float[] negative = new float[values.length];
        for (int c = 0; c < values.length; c++) {
          negative[c] = -values[c];
        }
        Arrays.fill(factor, -1);
        return first ? affine.plus(negative) : times(affine, factor).plus(values);
      }
      case "Mul" -> {
        for (int c = 0; c < factor.length; c++) {
          factor[c] = values[c];
        }
        return times(affine, factor);
      }
      default -> {
        Require.that(first, "it divides by sums");
        for (int c = 0; c < factor.length; c++) {
          factor[c] = 1.0 / values[c];
        }
        return times(affine, factor);
      }
    }
  }

  private static Affine times(Affine affine, double[] factor) {
    double[] gain = affine.gain().clone();
    double[] offset = affine.offset().clone();
    for (int c = 0; c < factor.length; c++) {
      Require.that(Double.isFinite(factor[c]), "it multiplies by %s", factor[c]);
      gain[c] *= factor[c];
      offset[c] *= factor[c];
    }
    return new Affine(affine.unit(), affine.shift(), gain, offset);
  }

  private static float[] perChannel(Constant c, Sums sums) {
    float[] values = c.reals("the constant");
    int channels = sums.shape().channels();
    if (values.length == 1) {
      float[] all = new float[channels];
      Arrays.fill(all, values[0]);
      return all;
    }
    boolean flat = sums.form().flat();
    int fromEnd = flat ? 1 : 3;
    int rank = c.dims().length;
    Require.that(
        values.length == channels
            && rank >= fromEnd
            && c.dims()[rank - fromEnd] == channels
            && (!flat || sums.shape().size() == channels),
        "its constant %s is not one value per channel",
        Arrays.toString(c.dims()));
    return values;
  }

  private static Sums sums(Node node, int index) {
    Value value = node.input(index);
    Require.that(
        value instanceof Sums,
        "it reads %s; it is supported only between a layer and its quantiser",
        value.describe());
    node.requireOnlyReader(index);
    return (Sums) value;
  }

  private Codes codes(Node node, int index) {
    return quantizers.codes(node, index);
  }

  /** An input that must be codes in {@code [N, C, H, W]}. */
  private Codes spatial(Node node) {
    Codes codes = codes(node, 0);
    Require.that(
        codes.form() == Form.MAP, "its input is flat or has channels last; it needs [N, C, H, W]");
    return codes;
  }

  private static Weights weights(Node node, int index) {
    Value value = node.input(index);
    Require.that(
        value instanceof Weights,
        "its weights are %s; they must be integers with a DequantizeLinear",
        value instanceof Constant ? "not quantised" : value.describe());
    return (Weights) value;
  }
}
