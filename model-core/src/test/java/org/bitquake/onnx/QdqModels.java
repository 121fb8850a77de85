package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import org.bitquake.data.Shape;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Writes models of quantised tensors with zero points, with random shapes and numbers, and notes
 * which tensor holds the codes of which layer.
 */
final class QdqModels {
  static final int CLASSES = 7;

  final ModelWriter out = new ModelWriter();
  final SplittableRandom random;
  final Shape image;

  /** The tensor of each layer's codes, by the layer's name. */
  final Map<String, String> levels = new LinkedHashMap<>();

  /**
   * A tensor of floats.
   *
   * @param spread about how far its values lie from 0
   */
  record Tensor(String name, int channels, int height, int width, float spread) {
    Tensor as(String newName) {
      return new Tensor(newName, channels, height, width, spread);
    }

    Tensor of(String newName, int newHeight, int newWidth) {
      return new Tensor(newName, channels, newHeight, newWidth, spread);
    }
  }

  private final List<TensorProto> more = new ArrayList<>();

  QdqModels(long seed) {
    this.random = new SplittableRandom(seed);
    this.image = new Shape(1 + random.nextInt(3), 7 + random.nextInt(6), 7 + random.nextInt(6));
  }

  /** The uint8 image, dequantised with a zero point. */
  Tensor input() {
    out.scalar("image.step", 1 / 100f);
    out.node(
        "DequantizeLinear", "image", "image.out", "image", "image.step", out.uint8(zero(false)));
    return new Tensor("image.out", image.channels(), image.height(), image.width(), 0.7f);
  }

  private int zero(boolean signed) {
    return 90 + random.nextInt(70) - (signed ? 128 : 0);
  }

  NodeProto.Builder node(String op, String name, String... inputs) {
    return out.node(op, "/" + name + "/" + op, name + ".y", inputs);
  }

  /** A convolution, not quantised; attributes are added to what it returns through {@code more}. */
  Tensor conv(String name, Tensor in, int channels, int[] kernel, Attributes more) {
    int taps = in.channels() * kernel[0] * kernel[1];
    String weights = weights(name, channels, in.channels(), kernel[0], kernel[1]);
    out.floats(name + ".bias", uniform(channels, in.spread()));
    NodeProto.Builder node = node("Conv", name, in.name(), weights, name + ".bias");
    more.to(node);
    float spread = 0.15f * in.spread() * (float) Math.sqrt(taps);
    return new Tensor(name + ".y", channels, 0, 0, spread);
  }

  /** Adds attributes to a node. */
  interface Attributes {
    void to(NodeProto.Builder node);
  }

  /** A convolution of 3×3 that keeps height and width. */
  Tensor conv(String name, Tensor in, int channels) {
    Tensor made =
        conv(
            name,
            in,
            channels,
            new int[] {3, 3},
            n -> n.addAttribute(out.integers("pads", List.of(1, 1, 1, 1))));
    return made.of(made.name(), in.height(), in.width());
  }

  /** Signed weights with a step for each output channel. */
  String weights(String name, int... dims) {
    int count = 1;
    for (int d : dims) {
      count *= d;
    }
    out.bytes(name + ".codes", codes(count), dims);
    float[] step = new float[dims[0]];
    for (int c = 0; c < step.length; c++) {
      step[c] = 0.0015f + 0.001f * random.nextFloat();
    }
    out.floats(name + ".weight_step", step);
    out.node(
            "DequantizeLinear",
            name + ".weights",
            name + ".weights",
            name + ".codes",
            name + ".weight_step")
        .addAttribute(out.integer("axis", 0));
    return name + ".weights";
  }

  byte[] codes(int count) {
    byte[] codes = new byte[count];
    random.nextBytes(codes);
    return codes;
  }

  float[] uniform(int count, float size) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = size * (2 * random.nextFloat() - 1);
    }
    return values;
  }

  /** Codes of a layer: a pair of quantisers. */
  Tensor quantised(String layer, Tensor in, boolean signed) {
    return quantised(layer, in, signed, in.spread() / (30 + 20 * random.nextFloat()));
  }

  Tensor quantised(String layer, Tensor in, boolean signed, float step) {
    String zero = signed ? out.int8(zero(true)) : out.uint8(zero(false));
    return quantised(layer, in, step, zero);
  }

  Tensor quantised(String layer, Tensor in, float step, String zero) {
    String name = in.name();
    out.scalar(name + ".step", step);
    String node = "/" + layer + "/QuantizeLinear";
    out.node("QuantizeLinear", node, name + ".levels", name, name + ".step", zero);
    out.node(
        "DequantizeLinear", name + "/dq", name + ".out", name + ".levels", name + ".step", zero);
    levels.put(layer, name + ".levels");
    return in.as(name + ".out");
  }

  /** All values to classes, quantised. */
  Tensor classes(Tensor in) {
    node("Flatten", "flat", in.name()).addAttribute(out.integer("axis", 1));
    return dense(in.as("flat.y"));
  }

  /** Classes of a flat tensor. */
  Tensor dense(Tensor flat) {
    int size = flat.channels() * flat.height() * flat.width();
    String weights = weights("fc", CLASSES, size);
    out.floats("fc.bias", uniform(CLASSES, flat.spread()));
    node("Gemm", "fc", flat.name(), weights, "fc.bias").addAttribute(out.integer("transB", 1));
    float spread = 0.15f * flat.spread() * (float) Math.sqrt(size);
    return quantised("fc", new Tensor("fc.y", CLASSES, 1, 1, spread), random.nextBoolean());
  }

  ModelProto model(Tensor last) {
    out.node("Identity", "end", "logits", last.name());
    return model();
  }

  /** A tensor of uint8. */
  void unsigned(String name, byte[] values, int... dims) {
    var tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.UINT8_VALUE);
    for (int d : dims) {
      tensor.addDims(d);
    }
    more.add(tensor.setRawData(ByteString.copyFrom(values)).build());
  }

  /** A tensor of int32. */
  void int32(String name, int... values) {
    var tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.INT32_VALUE);
    for (int v : values) {
      tensor.addInt32Data(v);
    }
    more.add(tensor.addDims(values.length).build());
  }

  ModelProto model() {
    var model = out.model("main_graph", image, CLASSES, Map.of()).toBuilder();
    model.getGraphBuilder().addAllInitializer(more);
    model.setProducerName("test").setProducerVersion("1");
    return model.build();
  }

  /** The same model with another kind of input. */
  static ModelProto withInput(ModelProto model, int type, int... dims) {
    var builder = model.toBuilder();
    var shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("N");
    for (int d : dims) {
      shape.addDimBuilder().setDimValue(d);
    }
    builder
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(type)
        .setShape(shape);
    return builder.build();
  }

  static ModelProto withFloats(ModelProto model) {
    List<Integer> dims = new ArrayList<>();
    var shape = model.getGraph().getInput(0).getType().getTensorType().getShape();
    for (int d = 1; d < shape.getDimCount(); d++) {
      dims.add((int) shape.getDim(d).getDimValue());
    }
    return withInput(
        model, DataType.FLOAT_VALUE, dims.stream().mapToInt(Integer::intValue).toArray());
  }
}
