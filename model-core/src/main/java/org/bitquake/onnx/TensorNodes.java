package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Floats;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Pixels;
import org.bitquake.onnx.Value.Source.Added;
import org.bitquake.onnx.Value.Source.Joined;
import org.bitquake.onnx.Value.Source.Same;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Tensor;

/** Elementwise nodes, and tensors one behind another. */
final class TensorNodes {
  private static final int MAX_PARTS = 4096;

  private final LayerList layers;
  private final QuantizerNodes quantizers;
  private final Readers readers;

  TensorNodes(LayerList layers, QuantizerNodes quantizers, Readers readers) {
    this.layers = layers;
    this.quantizers = quantizers;
    this.readers = readers;
  }

  /** Relu and Clip: {@code min(max(x, low), high)}. */
  Value relu(Node node) {
    node.allow();
    return clipped(node, 0, Double.POSITIVE_INFINITY);
  }

  Value clip(Node node) {
    if (node.input(0) instanceof Constant c) {
      return ConstantNodes.clipped(node, c);
    }
    if (node.input(0) instanceof Levels levels) {
      return quantizers.clipped(node, levels);
    }
    node.allow("min", "max");
    float least = node.has(1) ? node.scalar(1, "minimum") : node.real("min", -Float.MAX_VALUE);
    float most = node.has(2) ? node.scalar(2, "maximum") : node.real("max", Float.MAX_VALUE);
    Require.that(least <= most, "it clips floats to %s…%s", least, most);
    return clipped(
        node,
        least == -Float.MAX_VALUE ? Double.NEGATIVE_INFINITY : least,
        most == Float.MAX_VALUE ? Double.POSITIVE_INFINITY : most);
  }

  private Value clipped(Node node, double low, double high) {
    Value in = node.input(0);
    if (in instanceof Pixels pixels) {
      return PixelNodes.clipped(pixels, low, high);
    }
    if (in instanceof Sums sums) {
      node.requireOnlyReader(0);
      return sums.clipped(low, high);
    }
    if (in instanceof Floats floats) {
      node.requireOnlyReader(0);
      return floats.clipped(low, high);
    }
    Codes codes = quantizers.codes(node, 0);
    boolean within =
        -codes.zero() * codes.step() >= low && (codes.max() - codes.zero()) * codes.step() <= high;
    if (within) {
      return codes;
    }
    var same = new Same(layers.name(node), codes);
    return new Floats(same, codes.shape(), codes.form()).clipped(low, high);
  }

  /** Add, Sub, Mul and Div. */
  Value arithmetic(Node node) {
    node.allow();
    for (int i = 0; i < 2; i++) {
      boolean constant = isConstant(node.input(1 - i));
      if (constant && node.input(i) instanceof Sums) {
        return WeightNodes.arithmetic(node, i);
      }
      if (constant && node.input(i) instanceof Pixels pixels) {
        return PixelNodes.arithmetic(node.op(), pixels, node.reals(1 - i, "constant"), i == 0);
      }
      if (constant && node.input(i) instanceof Codes codes) {
        return scaled(node, codes, node.reals(1 - i, "constant"), i == 0);
      }
      if (node.input(i) instanceof Weights weights && node.input(1 - i) instanceof Constant c) {
        return moved(node, weights, c);
      }
    }
    Require.that(
        node.op().equals("Add") || node.op().equals("Sub"),
        "it computes with %s and %s; constants are supported",
        node.input(0).describe(),
        node.input(1).describe());
    return sum(node, node.op().equals("Sub"));
  }

  private static Weights moved(Node node, Weights weights, Constant constant) {
    boolean plus = node.op().equals("Add");
    Require.that(
        plus || node.op().equals("Mul"),
        "it computes with weights and a constant; Add and Mul are supported");
    float c = constant.real("its constant");
    return plus ? weights.plus(c) : weights.times(c);
  }

  private static boolean isConstant(Value value) {
    return value instanceof Constant || value instanceof Weights;
  }

  /** Codes times a positive number are codes of another step. */
  private static Codes scaled(Node node, Codes codes, Constant constant, boolean first) {
    float c = constant.real("its constant");
    boolean times = node.op().equals("Mul") || (node.op().equals("Div") && first);
    Require.that(
        times && Float.isFinite(c) && c > 0,
        "it computes with quantised activations and %s; only products with numbers above 0 are"
            + " supported",
        c);
    return codes.withStep(node.op().equals("Mul") ? codes.step() * c : codes.step() / c);
  }

  private Value sum(Node node, boolean minus) {
    int main = node.input(0) instanceof Sums ? 0 : 1;
    Require.that(
        !(node.input(1 - main) instanceof Sums),
        "both of its operands are sums that are not quantised; quantise the shortcut before it");
    if (node.input(main) instanceof Sums sums) {
      Require.that(!minus, "it subtracts from sums that are not quantised; quantise them before");
      node.requireOnlyReader(main);
      Codes codes = quantizers.codes(node, 1 - main);
      requireAlike(sums, codes);
      return sums.plus(codes);
    }
    Codes a = quantizers.codes(node, 0);
    Codes b = quantizers.codes(node, 1);
    requireAlike(a, b);
    return new Floats(new Added(layers.name(node), a, b, minus), a.shape(), a.form());
  }

  static void requireAlike(Tensor a, Tensor b) {
    Require.that(
        a.shape().equals(b.shape()) && a.form() == b.form(),
        "it adds tensors of shapes %s and %s",
        a.shape(),
        b.shape());
  }

  Value concat(Node node) {
    node.allow("axis");
    int axis = node.integer("axis", 1);
    List<Codes> parts = new ArrayList<>();
    boolean integers = node.input(0) instanceof Levels;
    for (int i = 0; i < node.inputs().size(); i++) {
      parts.add(
          integers && node.input(i) instanceof Levels levels
              ? quantizers.codes(levels)
              : quantizers.codes(node, i));
    }
    Floats joined = joined(node, parts, axis);
    if (!integers) {
      return readers.isQuantized(node.proto().getOutput(0)) ? joined : layers.codes(joined);
    }
    Codes first = parts.get(0);
    for (Codes part : parts) {
      Require.that(
          part.step() == first.step() && part.zero() + part.base() == first.zero() + first.base(),
          "its integers have steps or zero points that differ");
    }
    return quantizers.levels(layers.codes(joined), node);
  }

  /** Channels one behind another. */
  Floats joined(Node node, List<Codes> parts, int axis) {
    Require.that(
        !parts.isEmpty() && parts.size() <= MAX_PARTS, "it joins %d tensors", parts.size());
    Codes first = parts.get(0);
    Form form = first.form();
    int rank = form.flat() ? 2 : 4;
    int channels = form == Form.LAST ? 3 : 1;
    Require.that(
        axis == channels || axis == channels - rank,
        "it joins along axis %d; only channels are supported",
        axis);
    Shape map = first.shape();
    for (Codes part : parts) {
      Shape s = part.shape();
      Require.that(
          part.form() == form && s.height() == map.height() && s.width() == map.width(),
          "it joins maps of %s and %s, which differ in more than channels",
          map,
          s);
    }
    Require.that(
        form != Form.VECTOR_LAST || map.height() * map.width() == 1,
        "it joins maps that were flattened with channels last");
    int all = 0;
    for (Codes part : parts) {
      all = Math.addExact(all, part.shape().channels());
    }
    var shape = new Shape(all, map.height(), map.width());
    return new Floats(new Joined(layers.name(node), parts), shape, form);
  }
}
