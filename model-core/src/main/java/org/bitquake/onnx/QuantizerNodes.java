package org.bitquake.onnx;

import java.util.IdentityHashMap;
import java.util.Optional;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Floats;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Pixels;
import org.bitquake.onnx.Value.Quantizer;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Tensor;

/** QuantizeLinear, DequantizeLinear and what may stand between them; each pair makes a layer. */
final class QuantizerNodes {
  private final LayerList layers;
  private final IdentityHashMap<Levels, Codes> made = new IdentityHashMap<>();

  QuantizerNodes(LayerList layers) {
    this.layers = layers;
  }

  Value quantize(Node node) {
    node.allow("axis", "saturate", "block_size", "output_dtype", "precision");
    node.must("block_size", 0);
    node.must("output_dtype", 0);
    if (node.input(0) instanceof Constant c) {
      return ConstantNodes.quantized(node, c);
    }
    return levels(node, 0, quantizer(node, 1));
  }

  /** The step and the zero point of a tensor that a node writes, from this input on. */
  static Quantizer quantizer(Node node, int index) {
    Constant step = node.constant(index, "step");
    Require.that(
        step.length() == 1,
        "it quantises activations with %d steps; one per tensor is supported",
        step.length());
    float s = step.real("its step");
    Require.that(Float.isFinite(s) && s > 0, "its step is %s; it must be above 0", s);
    Optional<Constant> zero =
        node.has(index + 1)
            ? Optional.of(node.constant(index + 1, "zero point"))
            : Optional.empty();
    int low = zero.map(Constant::low).orElse(0);
    int high = zero.map(Constant::high).orElse(255);
    Require.that(low >= -128 && high <= 255, "it quantises to more than 8 bits");
    return new Quantizer(s, ConstantNodes.zero(zero), low, high);
  }

  /** An input as integers. */
  Levels levels(Node node, int index, Quantizer q) {
    Tensor in = node.tensor(index);
    Require.that(!(in instanceof Levels), "it quantises %s", in.describe());
    if (in instanceof Sums || in instanceof Floats) {
      node.requireOnlyReader(index);
    }
    return new Levels(in, q, node);
  }

  Value dequantize(Node node) {
    node.allow("axis", "block_size");
    node.must("block_size", 0);
    if (node.input(0) instanceof Constant c) {
      return ConstantNodes.dequantized(node, c);
    }
    return node.input(0) instanceof Pixels image ? image(image, node, 0) : dequantized(node, 0);
  }

  private static Pixels image(Pixels image, Node node, int index) {
    return PixelNodes.dequantized(image, node.scalar(index + 1, "step"), zero(node, index + 2));
  }

  private static int zero(Node node, int index) {
    return node.has(index)
        ? ConstantNodes.single(node.constant(index, "zero point"), "zero point")
        : 0;
  }

  /** Integers, with a step and a zero point in the next two inputs, as codes. */
  Codes dequantized(Node node, int index) {
    Value in = node.input(index);
    if (in instanceof Pixels image) {
      return PixelNodes.read(image(image, node, index), layers);
    }
    float step = node.scalar(index + 1, "step");
    int zero = zero(node, index + 2);
    Require.that(in instanceof Levels, "it dequantises %s", in.describe());
    var levels = (Levels) in;
    var q = levels.quantizer();
    Require.that(
        step == q.step() && zero == q.zero(),
        "its step %s and zero point %d are not those of its QuantizeLinear, %s and %d",
        step,
        zero,
        q.step(),
        q.zero());
    return codes(levels);
  }

  /** What a quantiser makes of its source: a layer, once. */
  Codes codes(Levels levels) {
    Codes known = made.get(levels);
    if (known != null) {
      return known;
    }
    var q = levels.quantizer();
    Tensor source = levels.source();
    Codes codes;
    if (source instanceof Sums sums) {
      codes = layers.quantize(sums, q);
    } else if (source instanceof Floats floats) {
      codes = layers.quantize(floats, q);
    } else if (source instanceof Pixels pixels) {
      codes = PixelNodes.quantized(pixels, q, layers);
    } else if (source instanceof Codes c) {
      codes = layers.requantize(c, q, levels.maker());
    } else {
      codes = codes((Levels) source);
    }
    made.put(levels, codes);
    return codes;
  }

  /** Integers that a layer wrote, for nodes that take them as they are. */
  Levels levels(Codes codes, Node maker) {
    return new Levels(codes, codes.quantizer(), maker);
  }

  /** An input of a layer, as codes of the integer graph. */
  Codes codes(Node node, int index) {
    Value value = node.input(index);
    if (value instanceof Pixels pixels) {
      return PixelNodes.read(pixels, layers);
    }
    if (value instanceof Floats floats) {
      return layers.codes(floats);
    }
    Require.that(
        value instanceof Codes,
        "it reads %s; it needs quantised activations (QuantizeLinear, DequantizeLinear) there",
        value.describe());
    return (Codes) value;
  }

  /** Clip of integers, or null for what is none. */
  Levels clipped(Node node, Levels levels) {
    node.requireOnlyReader(0);
    var q = levels.quantizer();
    int[] limits = ConstantNodes.limits(node, q.low(), q.high());
    return new Levels(
        levels.source(), new Quantizer(q.step(), q.zero(), limits[0], limits[1]), levels.maker());
  }

  /** Cast of integers to the type that they have, or of the image. */
  Value cast(Node node) {
    node.allow("to", "saturate");
    int type = node.integer("to", 0);
    Value in = node.input(0);
    if (in instanceof Pixels pixels) {
      return PixelNodes.cast(pixels, type);
    }
    if (in instanceof Levels levels) {
      var q = levels.quantizer();
      boolean fits =
          (type == 2 && q.low() >= 0) || (type == 3 && q.low() >= -128 && q.high() <= 127);
      Require.that(
          fits,
          "it casts the integers %d…%d to data type %d, which changes them or their arithmetic",
          q.low(),
          q.high(),
          type);
      return levels;
    }
    Require.that(
        type == 1 && in instanceof Tensor, "it casts %s to data type %d", in.describe(), type);
    return in;
  }
}
