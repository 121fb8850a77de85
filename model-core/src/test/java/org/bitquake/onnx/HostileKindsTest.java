package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import org.bitquake.InputException;
import org.bitquake.onnx.QdqModels.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models of every kind of node, changed at random in their bytes and in their structure: each is a
 * network or is refused in one line. More of them with {@code -Dbitquake.fuzz=10000}.
 */
class HostileKindsTest {
  private static final int CHANGES = Integer.getInteger("bitquake.fuzz", 1_500);
  private static final String[] OPERATORS = {
    "Conv",
    "Gemm",
    "MatMul",
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Concat",
    "Relu",
    "Clip",
    "MaxPool",
    "AveragePool",
    "GlobalAveragePool",
    "ReduceMean",
    "Pad",
    "Flatten",
    "Reshape",
    "Squeeze",
    "Unsqueeze",
    "Transpose",
    "Cast",
    "Shape",
    "Gather",
    "Softmax",
    "ArgMax",
    "QuantizeLinear",
    "DequantizeLinear",
    "QLinearConv",
    "QLinearAdd",
    "QLinearConcat",
    "QGemm",
    "Quant",
    "BipolarQuant",
    "Trunc",
    "ConstantOfShape",
    "Dropout",
    "BatchNormalization"
  };
  private static final String[] DOMAINS = {"", "com.microsoft", "qonnx.custom_op.general"};
  private static final long[] NUMBERS = {0, 1, 2, 3, -1, -2, 4, 7, 255, 1 << 20, 1L << 40, -128};

  private static ModelProto kind(String kind) {
    if (kind.equals("operators")) {
      return new OperatorModels(1, false).model(false);
    }
    if (kind.equals("qonnx")) {
      return new QonnxTest().model("Quant", 4, true, true);
    }
    var m = new QdqModels(5);
    m.out.scalar("scale", 0.5f);
    m.out.node("Cast", "cast", "cast.y", "image").addAttribute(m.out.integer("to", 1));
    m.out.node("Mul", "scaled", "scaled.y", "cast.y", "scale");
    var image = new Tensor("scaled.y", m.image.channels(), m.image.height(), m.image.width(), 60);
    Tensor x = m.quantised("input", image, false);
    x = m.quantised("stem", m.conv("stem", x, 4), true);
    Tensor y = m.quantised("conv", m.conv("conv", x, 4), false);
    m.node("Add", "sum", x.name(), y.name());
    m.node("Relu", "relu", "sum.y");
    x = m.quantised("sum", y.as("relu.y"), false);
    m.node("Concat", "joined", x.name(), y.name()).addAttribute(m.out.integer("axis", 1));
    x = m.quantised("joined", new Tensor("joined.y", 8, x.height(), x.width(), 1), true);
    m.out.integers("pads", 0, 0, 1, 1, 0, 0, 0, 0);
    m.node("Pad", "pad", x.name(), "pads");
    m.node("AveragePool", "average", "pad.y")
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2)))
        .addAttribute(m.out.integers("strides", List.of(1, 1)));
    x = m.quantised("average", x.as("average.y"), false);
    m.node("MaxPool", "max", x.name())
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2)))
        .addAttribute(m.out.integers("pads", List.of(1, 1, 0, 0)));
    m.out.integers("start", 0);
    m.out.integers("rest", -1);
    m.node("Shape", "shape", "max.y");
    m.node("Gather", "batch", "shape.y", "start");
    m.node("Concat", "sizes", "batch.y", "rest").addAttribute(m.out.integer("axis", 0));
    m.node("Reshape", "reshaped", "max.y", "sizes.y");
    x = m.dense(x.as("reshaped.y"));
    m.out.node("Softmax", "end", "logits", x.name()).addAttribute(m.out.integer("axis", 1));
    return m.model();
  }

  @ParameterizedTest
  @ValueSource(strings = {"operators", "layers", "qonnx"})
  void changedModelsAreRefusedInOneLineOrAreNetworks(String kind) {
    ModelProto sound = kind(kind);
    OnnxFile.read(sound.toByteArray(), "sound", "sound");
    var random = new SplittableRandom(11);
    int refused = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] file = i % 2 == 0 ? structure(sound, random) : bytes(sound, random);
      try {
        OnnxFile.read(file, "bad.onnx", "bad");
      } catch (InputException e) {
        refused++;
        assertThat(e.getMessage())
            .startsWith("bad.onnx: cannot import this ONNX model: ")
            .doesNotContain("\n");
      }
    }
    assertThat(refused).isBetween(CHANGES / 5, CHANGES - 1);
  }

  /** Small files whose nodes would make much. */
  @Test
  void constantsThatGrowAreRefused() {
    var model = kind("layers").toBuilder();
    var joined = NodeProto.newBuilder().setOpType("Concat").setName("much").addOutput("much");
    for (int i = 0; i < 300_000; i++) {
      joined.addInput("pads");
    }
    model.getGraphBuilder().addNode(0, joined);
    refused(model.build(), "\"much\"", "more than 1048576 values");
    model.getGraphBuilder().removeNode(0);
    var parts = NodeProto.newBuilder().setOpType("Concat").setName("many").addOutput("many");
    for (int i = 0; i < 5_000; i++) {
      parts.addInput("stem.y.out");
    }
    int last = model.getGraph().getNodeCount() - 1;
    model.getGraphBuilder().addNode(last, parts);
    refused(model.build(), "\"many\"", "5000 tensors");
  }

  private static void refused(ModelProto model, String... parts) {
    assertThatThrownBy(() -> OnnxFile.read(model.toByteArray(), "bad.onnx", "bad"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static byte[] bytes(ModelProto sound, SplittableRandom random) {
    byte[] file = sound.toByteArray();
    for (int k = random.nextInt(4); k >= 0; k--) {
      file[random.nextInt(file.length)] = (byte) random.nextInt(256);
    }
    return file;
  }

  private static byte[] structure(ModelProto sound, SplittableRandom random) {
    var model = sound.toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    for (int k = random.nextInt(2); k >= 0; k--) {
      if (random.nextInt(4) == 0) {
        change(graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount())), random);
      } else {
        change(graph, random.nextInt(graph.getNodeCount()), random);
      }
    }
    return model.build().toByteArray();
  }

  private static void change(TensorProto.Builder tensor, SplittableRandom random) {
    if (tensor.getDimsCount() > 0 && random.nextBoolean()) {
      int d = random.nextInt(tensor.getDimsCount());
      tensor.setDims(d, random.nextBoolean() ? number(random) : tensor.getDims(0));
    } else if (random.nextBoolean()) {
      tensor.addDims(1);
    } else {
      tensor.setDataType(1 + random.nextInt(23));
    }
  }

  private static long number(SplittableRandom random) {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private static void change(GraphProto.Builder graph, int index, SplittableRandom random) {
    NodeProto.Builder node = graph.getNodeBuilder(index);
    switch (random.nextInt(7)) {
      case 0 -> node.setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
      case 1 -> {
        if (node.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), anyName(graph, random));
        }
      }
      case 2 -> node.addInput(anyName(graph, random));
      case 3 -> {
        if (node.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), "");
        }
      }
      case 4 ->
          node.setDomain(DOMAINS[random.nextInt(DOMAINS.length)])
              .setOpType(OPERATORS[random.nextInt(OPERATORS.length)]);
      case 5 -> graph.removeNode(index);
      default -> {
        if (node.getAttributeCount() > 0) {
          AttributeProto.Builder a =
              node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
          if (a.getIntsCount() > 0) {
            a.setInts(random.nextInt(a.getIntsCount()), number(random));
          } else {
            a.setI(number(random));
          }
        }
      }
    }
  }

  /** A tensor, or a constant, of the graph. */
  private static String anyName(GraphProto.Builder graph, SplittableRandom random) {
    return random.nextBoolean()
        ? graph.getInitializer(random.nextInt(graph.getInitializerCount())).getName()
        : graph.getNode(random.nextInt(graph.getNodeCount())).getOutput(0);
  }
}
