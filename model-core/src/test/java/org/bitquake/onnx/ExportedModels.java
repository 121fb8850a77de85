package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import org.bitquake.data.Shape;

/** Writes models node by node in the ways of PyTorch and Brevitas, with random parameters. */
final class ExportedModels {
  static final Shape IMAGE = new Shape(3, 16, 16);

  final ModelWriter out = new ModelWriter();
  private final SplittableRandom random;
  private final List<TensorProto> more = new ArrayList<>();

  ExportedModels(long seed) {
    this.random = new SplittableRandom(seed);
  }

  ModelProto model(String producer, boolean floatImage) {
    var model = out.model("main_graph", IMAGE, 10, Map.of()).toBuilder();
    model.getGraphBuilder().addAllInitializer(more);
    model.setProducerName(producer).setProducerVersion("1");
    if (floatImage) {
      model
          .getGraphBuilder()
          .getInputBuilder(0)
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .setElemType(1);
    }
    return model.build();
  }

  float[] uniform(int count, double low, double high) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    return values;
  }

  byte[] codes(int count, int low, int high) {
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      codes[i] = (byte) random.nextInt(low, high + 1);
    }
    return codes;
  }

  /** PyTorch: float weights, QuantizeLinear and DequantizeLinear per output channel, int8. */
  String fakeQuantized(String name, int axis, int... dims) {
    int count = 1;
    for (int d : dims) {
      count *= d;
    }
    float[] step = uniform(dims[axis], 0.001, 0.003);
    float[] weights = new float[count];
    byte[] codes = codes(count, -127, 127);
    int inner = count / dims[0] / (axis == 1 ? dims[1] : 1);
    for (int i = 0; i < count; i++) {
      weights[i] =
          (float) ((codes[i] + 0.8 * (random.nextDouble() - 0.5)) * step[i / inner % dims[axis]]);
    }
    out.floats(name + ".weight", weights, dims);
    out.floats(name + ".weight_step", step);
    out.bytes(name + ".weight_zero", new byte[dims[axis]], dims[axis]);
    String[] rest = {name + ".weight_step", name + ".weight_zero"};
    out.node("QuantizeLinear", name + "/weight/Q", name + ".q", name + ".weight", rest[0], rest[1])
        .addAttribute(out.integer("axis", axis));
    out.node("DequantizeLinear", name + "/weight/DQ", name + ".dq", name + ".q", rest[0], rest[1])
        .addAttribute(out.integer("axis", axis));
    return name + ".dq";
  }

  /** Brevitas: integers, Clip to a narrow range of 4 bits, DequantizeLinear with one step. */
  String clipped(String name, int... dims) {
    int count = 1;
    for (int d : dims) {
      count *= d;
    }
    out.bytes(name + ".weight", codes(count, -7, 7), dims);
    out.scalar(name + ".weight_step", 0.05f);
    out.node(
        "Clip", name + "/weight/Clip", name + ".clip", name + ".weight", out.int8(-7), out.int8(7));
    out.node(
        "DequantizeLinear",
        name + "/weight/DQ",
        name + ".dq",
        name + ".clip",
        name + ".weight_step",
        out.int8(0));
    return name + ".dq";
  }

  NodeProto.Builder conv(
      String name, int kernel, int stride, int groups, String result, String... inputs) {
    return out.node("Conv", "/" + name + "/Conv", result, inputs)
        .addAttribute(out.integers("dilations", List.of(1, 1)))
        .addAttribute(out.integer("group", groups))
        .addAttribute(out.integers("kernel_shape", List.of(kernel, kernel)))
        .addAttribute(out.integers("pads", List.of(kernel / 2, kernel / 2, kernel / 2, kernel / 2)))
        .addAttribute(out.integers("strides", List.of(stride, stride)));
  }

  /** Statistics that a layer of these might have had; the outputs spread over about ±spread. */
  String normalized(String name, int channels, double deviation, double spread, String in) {
    out.floats(name + ".gamma", uniform(channels, 0.5 * spread, spread));
    out.floats(name + ".beta", uniform(channels, -0.3 * spread, 0.5 * spread));
    out.floats(name + ".mean", uniform(channels, -0.5 * deviation, 0.5 * deviation));
    out.floats(
        name + ".var", uniform(channels, 0.7 * deviation * deviation, deviation * deviation));
    String[] parts = {".gamma", ".beta", ".mean", ".var"};
    var node = out.node("BatchNormalization", name + "/BN", name + ".bn", in);
    for (String part : parts) {
      node.addInput(name + part);
    }
    node.addAttribute(out.real("epsilon", 1e-3f)).addAttribute(out.real("momentum", 0.9f));
    return name + ".bn";
  }

  /** QuantizeLinear, Clip below 8 bits, DequantizeLinear; step and zero from Constant nodes. */
  String quantized(String name, float step, int bits, String in) {
    constant(name + ".step", step);
    String zero = out.zeroPoint();
    out.node("QuantizeLinear", name + "/Q", name + ".levels", in, name + ".step", zero);
    String levels = name + ".levels";
    if (bits < 8) {
      levels = name + ".clipped";
      out.node("Clip", name + "/Clip", levels, name + ".levels", zero, out.uint8((1 << bits) - 1));
    }
    out.node("DequantizeLinear", name + "/DQ", name + ".out", levels, name + ".step", zero);
    return name + ".out";
  }

  /** The same with int8 and zero point 0, as for a signed shortcut. */
  String signed(String name, float step, String in) {
    constant(name + ".step", step);
    String zero = out.int8(0);
    out.node("QuantizeLinear", name + "/Q", name + ".signed", in, name + ".step", zero);
    out.node(
        "DequantizeLinear", name + "/DQ", name + ".out", name + ".signed", name + ".step", zero);
    return name + ".out";
  }

  private void constant(String name, float value) {
    var tensor = TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE).addFloatData(value);
    out.node("Constant", name, name)
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(tensor));
  }

  /** An int32 tensor, its values one by one rather than raw. */
  void integers(String name, int... values) {
    var tensor = TensorProto.newBuilder().setName(name).setDataType(DataType.INT32_VALUE);
    for (int v : values) {
      tensor.addInt32Data(v);
    }
    more.add(tensor.addDims(values.length).build());
  }

  String relu(String name, String in) {
    out.node("Relu", name + "/Relu", name + ".relu", in);
    return name + ".relu";
  }
}
