package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bitquake.onnx.KindsTest.requireSame;
import static org.bitquake.onnx.KindsTest.stem;

import java.util.Arrays;
import java.util.List;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.QdqModels.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Kinds of images in front of quantised models, of answers behind them and of weights beside them:
 * what they become gives ONNX Runtime's codes in every layer.
 */
class EdgeKindsTest {
  /** What keeps the order of classes is left off at the end. */
  @ParameterizedTest
  @ValueSource(strings = {"Softmax", "LogSoftmax", "Sigmoid", "ArgMax", "Mul"})
  void ends(String op) throws Exception {
    var m = new QdqModels(op.length());
    Tensor x = m.classes(stem(m));
    if (op.equals("Mul")) {
      m.out.scalar("factor", 0.25f);
      m.out.node(op, "end", "logits", x.name(), "factor");
    } else {
      var end = m.out.node(op, "end", "logits", x.name());
      if (op.equals("ArgMax")) {
        end.addAttribute(m.out.integer("axis", -1));
        m.out.node("Identity", "class", "class", "logits");
      } else if (!op.equals("Sigmoid")) {
        end.addAttribute(m.out.integer("axis", op.equals("Softmax") ? 1 : -1));
      }
    }
    var model = m.model().toBuilder();
    if (op.equals("ArgMax")) {
      model.getGraphBuilder().removeNode(model.getGraph().getNodeCount() - 1);
      model
          .getGraphBuilder()
          .getOutputBuilder(0)
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .setElemType(DataType.INT64_VALUE);
    }
    QuantizedNetwork network = OnnxFile.read(model.build().toByteArray(), "model.onnx", "model");
    if (op.equals("Mul")) {
      assertThat(network.provenance()).containsEntry("imported.leftOut", "factor 0.25");
    } else {
      assertThat(network.provenance()).containsEntry("imported.leftOut", op);
    }
    if (!op.equals("ArgMax")) {
      requireSame(m, model.build());
    }
  }

  /** Mean and deviation of each channel in front of the first quantiser, from floats or bytes. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void normalisedImages(long seed) throws Exception {
    var m = new QdqModels(seed);
    String x = "image";
    if (seed == 2) {
      m.out.node("Cast", "cast", "cast.y", x).addAttribute(m.out.integer("to", 1));
      m.out.scalar("white", 255);
      m.out.node("Div", "scaled", "scaled.y", "cast.y", "white");
      x = "scaled.y";
    } else if (seed == 4) {
      m.out.scalar("pixel", 1 / 255f);
      m.out.node("DequantizeLinear", "pixels", "pixels.y", x, "pixel");
      x = "pixels.y";
    }
    int c = m.image.channels();
    float[] mean = {0.485f, 0.456f, 0.406f};
    float[] deviation = {0.229f, 0.224f, 0.225f};
    m.out.floats("means", Arrays.copyOf(mean, c), 1, c, 1, 1);
    m.out.floats("deviations", Arrays.copyOf(deviation, c), c, 1, 1);
    m.out.node("Sub", "centred", "centred.y", x, "means");
    m.out.node("Div", "normal", "normal.y", "centred.y", "deviations");
    var normal = new Tensor("normal.y", c, m.image.height(), m.image.width(), 1.5f);
    Tensor q = m.quantised("(input)", normal, seed == 3, 0.02f);
    m.levels.clear();
    ModelProto model = m.model(m.classes(stem(m, q, false)));
    requireSame(m, seed % 2 == 0 ? model : QdqModels.withFloats(model));
  }

  /** Channels last behind a Transpose; flat images behind a Reshape; other steps and types. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void images(long seed) throws Exception {
    var m = new QdqModels(seed);
    int c = m.image.channels();
    int h = m.image.height();
    int w = m.image.width();
    String x = "image";
    if (seed == 1 || seed == 4) {
      m.out
          .node("Transpose", "first", "first.y", "image")
          .addAttribute(m.out.integers("perm", List.of(0, 3, 1, 2)));
      x = "first.y";
    } else if (seed == 2) {
      m.out.integers("shape", -1, c, h, w);
      m.out.node("Reshape", "shaped", "shaped.y", "image", "shape");
      x = "shaped.y";
    }
    var image = new Tensor(x, c, h, w, 0.5f);
    Tensor q;
    boolean last = seed == 1 || seed >= 4;
    if (seed >= 3) {
      m.out.scalar("image.step", 0.01f);
      String zero = m.out.int8(-20);
      m.out.node("DequantizeLinear", "image", "image.out", x, "image.step", zero);
      q = image.as("image.out");
    } else {
      q = m.quantised("(input)", image, false, 0.0065f);
      m.levels.clear();
    }
    if (seed == 5) {
      m.out
          .node("Transpose", "first", "first.y", q.name())
          .addAttribute(m.out.integers("perm", List.of(0, 3, 1, 2)));
      q = q.as("first.y");
    }
    ModelProto model = m.model(m.classes(stem(m, q, false)));
    int type = seed >= 3 ? DataType.INT8_VALUE : DataType.FLOAT_VALUE;
    int[] dims =
        last ? new int[] {h, w, c} : seed == 2 ? new int[] {c * h * w} : new int[] {c, h, w};
    requireSame(m, QdqModels.withInput(model, type, dims));
  }

  /** Unsigned weights with a zero point of their own, for all channels or for each. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void unsignedWeights(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    int channels = 5;
    m.unsigned("conv.codes", m.codes(channels * x.channels()), channels, x.channels(), 1, 1);
    byte[] zeros = m.codes(seed == 1 ? 1 : channels);
    m.unsigned("conv.zero", zeros, zeros.length);
    float[] step = new float[zeros.length];
    Arrays.fill(step, 0.002f);
    m.out.floats("conv.weight_step", step);
    m.out
        .node(
            "DequantizeLinear",
            "conv.weights",
            "conv.weights",
            "conv.codes",
            "conv.weight_step",
            "conv.zero")
        .addAttribute(m.out.integer("axis", 0));
    m.node("Conv", "conv", x.name(), "conv.weights");
    var y = new Tensor("conv.y", channels, x.height(), x.width(), 0.4f * x.spread());
    var network = requireSame(m, m.quantised("conv", y, false));
    assertThat(network.weightLayers().get(1).weights().offset()).hasSize(zeros.length);
  }

  /** Weights with output channels last, as TensorFlow has them, behind a Transpose. */
  @ParameterizedTest
  @ValueSource(longs = {1})
  void turnedWeights(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    int channels = 4;
    m.out.bytes("conv.codes", m.codes(6 * x.channels() * channels), 3, 2, x.channels(), channels);
    m.out.floats("conv.weight_step", new float[] {0.001f, 0.002f, 0.0015f, 0.0017f});
    m.out
        .node("DequantizeLinear", "dq", "dq.y", "conv.codes", "conv.weight_step")
        .addAttribute(m.out.integer("axis", 3));
    m.out
        .node("Transpose", "turn", "turn.y", "dq.y")
        .addAttribute(m.out.integers("perm", List.of(3, 2, 0, 1)));
    m.node("Conv", "conv", x.name(), "turn.y");
    var y = new Tensor("conv.y", channels, x.height() - 2, x.width() - 1, 0.4f * x.spread());
    requireSame(m, m.quantised("conv", y, false));
  }

  /** Bits flipped in the file's weights are the same bits flipped in the network's codes. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void weightsUnderFaults(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = m.quantised("conv", m.conv("conv", stem(m), 5), false);
    ModelProto sound = m.model(m.classes(x));
    QuantizedNetwork network = OnnxFile.read(sound.toByteArray(), "sound", "sound");
    var faulty = sound.toBuilder();
    byte[][] codes = network.copyCodes();
    var layers = network.weightLayers();
    for (int l = 0; l < codes.length; l++) {
      byte[] flipped = codes[l];
      for (int k = 0; k < flipped.length; k += 3) {
        flipped[k] ^= (byte) (1 << m.random.nextInt(8));
      }
      String name = layers.get(l).name() + ".codes";
      faulty.getGraphBuilder().getInitializerBuilderList().stream()
          .filter(t -> t.getName().equals(name))
          .forEach(t -> t.setRawData(ByteString.copyFrom(flipped)));
    }
    QuantizedNetwork read = requireSame(m, faulty.build());
    assertThat(read.copyCodes()).isDeepEqualTo(codes);
  }

  /** Four bits, signed, without a Relu. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void fourBitsSigned(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    Tensor y = m.conv("conv", x, 6);
    m.out.scalar("step4", y.spread() / 4);
    m.out.node("QuantizeLinear", "q4", "q4.y", y.name(), "step4", m.out.int8(0));
    m.out.node("Clip", "clip4", "clip4.y", "q4.y", m.out.int8(-8), m.out.int8(7));
    m.out.node("DequantizeLinear", "dq4", "dq4.y", "clip4.y", "step4", m.out.int8(0));
    m.levels.put("conv", "clip4.y");
    var network = requireSame(m, y.as("dq4.y"));
    assertThat(network.weightLayers().get(1).activation().orElseThrow().bits()).isEqualTo(4);
  }
}
