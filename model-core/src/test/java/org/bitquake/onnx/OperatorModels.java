package org.bitquake.onnx;

import java.util.List;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.TensorProto.DataType;

/** Writes models of operators on integers: QLinearConv and its kin. */
final class OperatorModels {
  private static final String MICROSOFT = "com.microsoft";

  final QdqModels m;
  private final boolean signed;

  OperatorModels(long seed, boolean signed) {
    this.m = new QdqModels(seed);
    this.signed = signed;
  }

  /** Integers with their step and zero point. */
  private record Integers(String name, int channels, int height, int width, float spread) {
    Integers of(String newName, int newChannels, int newHeight, int newWidth) {
      return new Integers(newName, newChannels, newHeight, newWidth, spread);
    }

    Integers spread(float newSpread) {
      return new Integers(name, channels, height, width, newSpread);
    }
  }

  private void add(NodeProto.Builder node, String... names) {
    for (String name : names) {
      node.addInput(name);
    }
  }

  private void read(NodeProto.Builder node, Integers x) {
    add(node, x.name(), x.name() + ".step", x.name() + ".zero");
  }

  /** A step and a zero point for what a node writes, and where its codes are. */
  private Integers written(NodeProto.Builder node, String layer, Integers made) {
    String name = made.name();
    m.out.scalar(name + ".step", made.spread() / (30 + 20 * m.random.nextFloat()));
    byte[] zero = {(byte) (signed ? m.random.nextInt(60) - 30 : 100 + m.random.nextInt(60))};
    if (signed) {
      m.out.bytes(name + ".zero", zero);
    } else {
      m.unsigned(name + ".zero", zero);
    }
    add(node, name + ".step", name + ".zero");
    m.levels.put(layer, name);
    return made;
  }

  private Integers image() {
    m.out.scalar("image.step", 0.01f);
    if (signed) {
      m.out.bytes("image.zero", new byte[] {3});
    } else {
      m.unsigned("image.zero", new byte[] {120});
    }
    var s = m.image;
    return new Integers("image", s.channels(), s.height(), s.width(), 0.7f);
  }

  /** Weights of 7 bits: products of two are added in 16 bits on processors without VNNI. */
  private void weights(String layer, int count, int... dims) {
    byte[] codes = m.codes(count);
    for (int i = 0; i < count; i++) {
      codes[i] >>= 1;
    }
    m.out.bytes(layer + ".codes", codes, dims);
    m.out.scalar(layer + ".weight_step", 0.004f);
    m.out.bytes(layer + ".weight_zero", new byte[1]);
  }

  private String bias(String layer, int channels) {
    int[] bias = new int[channels];
    for (int c = 0; c < channels; c++) {
      bias[c] = m.random.nextInt(2001) - 1000;
    }
    m.int32(layer + ".bias", bias);
    return layer + ".bias";
  }

  private Integers conv(String layer, Integers x, int channels) {
    weights(layer, channels * x.channels() * 9, channels, x.channels(), 3, 3);
    var node = m.node("QLinearConv", layer);
    read(node, x);
    add(node, layer + ".codes", layer + ".weight_step", layer + ".weight_zero");
    float spread = 0.15f * x.spread() * (float) Math.sqrt(9 * x.channels());
    var made = x.of(layer + ".y", channels, x.height(), x.width()).spread(spread);
    written(node, layer, made);
    add(node, bias(layer, channels));
    node.addAttribute(m.out.integers("pads", List.of(1, 1, 1, 1)));
    return made;
  }

  private ModelProto end(Integers last, boolean integers) {
    if (integers) {
      m.out.node("Identity", "end", "logits", last.name());
    } else {
      String[] inputs = {last.name(), last.name() + ".step", last.name() + ".zero"};
      m.out.node("DequantizeLinear", "end", "logits", inputs);
    }
    int type = signed ? DataType.INT8_VALUE : DataType.UINT8_VALUE;
    var s = m.image;
    var model =
        QdqModels.withInput(m.model(), type, s.channels(), s.height(), s.width()).toBuilder();
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1));
    if (integers) {
      model
          .getGraphBuilder()
          .getOutputBuilder(0)
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .setElemType(type);
    }
    return model.build();
  }

  /** A sum, a concatenation, averages over windows and the map, and a product at the end. */
  ModelProto model(boolean gemm) {
    Integers x = conv("stem", image(), 4);
    Integers y = conv("conv", x, 4);
    var sum = m.node("QLinearAdd", "sum").setDomain(MICROSOFT);
    read(sum, x);
    read(sum, y);
    x = written(sum, "sum", y.of("sum.y", 4, y.height(), y.width()));
    m.node("MaxPool", "max", x.name())
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2)))
        .addAttribute(m.out.integers("strides", List.of(1, 1)));
    Integers max = x.of("max.y", 4, x.height() - 1, x.width() - 1);
    String[] pooled = {max.name(), x.name() + ".step", x.name() + ".zero"};
    var joined = m.node("QLinearConcat", "joined").setDomain(MICROSOFT);
    x = written(joined, "joined", max.of("joined.y", 8, max.height(), max.width()));
    add(joined, pooled);
    add(joined, pooled);
    joined.addAttribute(m.out.integer("axis", 1));
    var average = m.node("QLinearAveragePool", "average").setDomain(MICROSOFT);
    read(average, x);
    average
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2)))
        .addAttribute(m.out.integers("strides", List.of(2, 2)));
    x = written(average, "average", x.of("average.y", 8, x.height() / 2, x.width() / 2));
    if (!gemm) {
      var global = m.node("QLinearGlobalAveragePool", "global").setDomain(MICROSOFT);
      read(global, x);
      global.addAttribute(m.out.integer("channels_last", 0));
      x = written(global, "global", x.of("global.y", 8, 1, 1).spread(x.spread() / 2));
    }
    m.node("Flatten", "flat", x.name());
    String[] flat = {"flat.y", x.name() + ".step", x.name() + ".zero"};
    int size = 8 * x.height() * x.width();
    var fc = m.node(gemm ? "QGemm" : "QLinearMatMul", "fc");
    add(fc, flat);
    if (gemm) {
      weights("fc", QdqModels.CLASSES * size, QdqModels.CLASSES, size);
    } else {
      weights("fc", QdqModels.CLASSES * size, size, QdqModels.CLASSES);
    }
    add(fc, "fc.codes", "fc.weight_step", "fc.weight_zero");
    if (gemm) {
      fc.setDomain(MICROSOFT).addAttribute(m.out.integer("transB", 1));
      add(fc, bias("fc", QdqModels.CLASSES));
    }
    float spread = 0.15f * x.spread() * (float) Math.sqrt(size);
    Integers classes = new Integers("fc.y", QdqModels.CLASSES, 1, 1, spread);
    return end(written(fc, "fc", classes), gemm);
  }
}
