package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;
import org.bitquake.network.Concat;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.QdqModels.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/** Kinds of quantised models: what they become gives ONNX Runtime's codes in every layer. */
class KindsTest {
  private static final int IMAGES = 16;

  static QuantizedNetwork requireSame(QdqModels m, ModelProto model) throws Exception {
    QuantizedNetwork network = OnnxFile.read(model.toByteArray(), "model.onnx", "model");
    byte[] images = new byte[IMAGES * network.inputShape().size()];
    new SplittableRandom(3).nextBytes(images);
    var result = RuntimeComparison.compare(network, model, m.levels, images, IMAGES);
    assertThat(network.layers()).extracting(l -> l.name()).containsAll(m.levels.keySet());
    assertThat(result.codes()).isGreaterThan(500);
    assertThat(result.differing()).isLessThanOrEqualTo(1 + result.codes() / 500);
    assertThat(result.samePredictions()).isGreaterThanOrEqualTo(IMAGES - 2);
    return network;
  }

  private static QuantizedNetwork requireSame(QdqModels m, Tensor last) throws Exception {
    return requireSame(m, m.model(m.classes(last)));
  }

  private static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  private static Tensor stem(QdqModels m, Tensor in, boolean signed) {
    return m.quantised("stem", m.conv("stem", in, 2 + m.random.nextInt(5)), signed);
  }

  private static Tensor stem(QdqModels m) {
    return stem(m, m.input(), m.random.nextBoolean());
  }

  /** Activations with zero points, signed and not; outputs quantised. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void zeroPoints(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m, m.input(), seed % 2 == 0);
    x = m.quantised("conv", m.conv("conv", x, 5), seed % 3 == 0);
    assertThat(requireSame(m, x).outputCodes()).isPresent();
  }

  /** Two quantised tensors added or subtracted, with a Relu behind. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void sumsOfQuantisedTensors(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    Tensor y = m.quantised("conv", m.conv("conv", x, x.channels()), m.random.nextBoolean());
    m.node(seed == 4 ? "Sub" : "Add", "sum", x.name(), y.name());
    if (seed % 2 == 0) {
      m.node("Relu", "relu", "sum.y");
    }
    x = m.quantised("sum", y.as(seed % 2 == 0 ? "relu.y" : "sum.y"), false);
    requireSame(m, x);
  }

  /** Joined channels of different steps, along a positive or a negative axis, then a maximum. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void joinedTensors(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    Tensor y = m.quantised("conv", m.conv("conv", x, 4), m.random.nextBoolean());
    m.node("Concat", "joined", x.name(), y.name(), x.name())
        .addAttribute(m.out.integer("axis", seed == 2 ? -3 : 1));
    var joined = new Tensor("joined.y", 4 + 2 * x.channels(), x.height(), x.width(), x.spread());
    requireSame(m, m.quantised("joined", joined, false));
  }

  /** Averages over windows, with padding counted or not, and Pad in front. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void averages(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    if (seed == 4) {
      m.out.integers("pads", 0, 0, 1, 0, 0, 0, 2, 1);
      m.node("Pad", "pad", x.name(), "pads").addAttribute(text("mode", "constant"));
      x = x.of("pad.y", x.height() + 3, x.width() + 1);
    }
    int pad = seed == 1 ? 0 : 1;
    m.node("AveragePool", "average", x.name())
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2 + pad)))
        .addAttribute(m.out.integers("strides", List.of(2, 1)))
        .addAttribute(m.out.integers("pads", List.of(pad, pad, 0, pad)))
        .addAttribute(m.out.integer("count_include_pad", seed == 3 ? 1 : 0));
    Tensor y = x.of("average.y", (x.height() + pad - 2) / 2 + 1, x.width() + 2 * pad - 1 - pad);
    requireSame(m, m.quantised("average", y, false));
  }

  /** Averages over the whole map, quantised or not. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void globalAverages(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    String op = seed == 1 ? "ReduceMean" : "GlobalAveragePool";
    var node = m.node(op, "mean", x.name());
    if (seed == 1) {
      node.addAttribute(m.out.integers("axes", List.of(-1, -2)));
    }
    Tensor y = x.of("mean.y", 1, 1);
    requireSame(m, seed == 3 ? y : m.quantised("mean", y, true, x.spread() / 90));
  }

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

  /** Nodes that do nothing at inference. */
  @ParameterizedTest
  @ValueSource(longs = {1})
  void dropout(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    m.node("Dropout", "dropout", x.name());
    m.node("Identity", "identity", "dropout.y");
    requireSame(m, x.as("identity.y"));
  }

  /** Strides that differ, dilation, padding that differs per side, or found by the runtime. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void windows(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    int sy = 1 + m.random.nextInt(2);
    int sx = 3 - sy;
    Tensor y =
        m.conv(
            "conv",
            x,
            5,
            new int[] {3, 2},
            n -> {
              n.addAttribute(m.out.integers("strides", List.of(sy, sx)));
              if (seed < 3) {
                n.addAttribute(m.out.integers("dilations", List.of(2, 1)));
                n.addAttribute(m.out.integers("pads", List.of(2, 0, 1, 1)));
              } else {
                n.addAttribute(text("auto_pad", seed == 3 ? "SAME_UPPER" : "SAME_LOWER"));
              }
            });
    int height = seed < 3 ? (x.height() + 3 - 5) / sy + 1 : (x.height() + sy - 1) / sy;
    int width = seed < 3 ? (x.width() + 1 - 2) / sx + 1 : (x.width() + sx - 1) / sx;
    requireSame(m, m.quantised("conv", y.of(y.name(), height, width), false));
  }

  /** Maxima with padding, or windows that hang over the edge. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void paddedMaxima(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    var pool =
        m.node("MaxPool", "max", x.name())
            .addAttribute(m.out.integers("kernel_shape", List.of(3, 3)))
            .addAttribute(m.out.integers("strides", List.of(2, 2)));
    int height;
    int width;
    if (seed == 1) {
      pool.addAttribute(m.out.integer("ceil_mode", 1));
      height = (x.height() - 3 + 1) / 2 + 1;
      width = (x.width() - 3 + 1) / 2 + 1;
    } else {
      pool.addAttribute(m.out.integers("pads", List.of(1, 1, 1, 1)));
      height = (x.height() - 1) / 2 + 1;
      width = (x.width() - 1) / 2 + 1;
    }
    requireSame(m, x.of("max.y", height, width));
  }

  /** A pair of quantisers that changes the step, and limits behind a quantiser. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void quantisedAgain(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    if (seed == 1) {
      x = m.quantised("again", m.quantised("first", x, true), false);
    } else {
      m.out.scalar("none", 0);
      m.out.scalar("six", x.spread());
      String[] inputs = {x.name(), "none", "six"};
      m.node(seed == 2 ? "Relu" : "Clip", "relu6", seed == 2 ? new String[] {x.name()} : inputs);
      x = x.as("relu6.y");
    }
    QuantizedNetwork network = requireSame(m, seed == 1 ? x : m.quantised("relu6", x, seed == 3));
    assertThat(network.layers()).anyMatch(l -> l instanceof Concat);
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

  /** A Reshape whose shape the model computes, and one behind a Transpose to channels last. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void computedShapes(long seed) throws Exception {
    var m = new QdqModels(seed);
    Tensor x = stem(m);
    if (seed == 1) {
      m.out.integers("zero", 0);
      m.out.integers("rest", -1);
      m.out.integers("first", 0);
      m.node("Shape", "shape", x.name());
      m.node("Gather", "batch", "shape.y", "zero").addAttribute(m.out.integer("axis", 0));
      m.node("Squeeze", "scalar", "batch.y", "first");
      m.node("Unsqueeze", "vector", "scalar.y", "first");
      m.node("Concat", "sizes", "vector.y", "rest").addAttribute(m.out.integer("axis", 0));
      m.node("Reshape", "reshaped", x.name(), "sizes.y");
    } else {
      m.node("Transpose", "last", x.name())
          .addAttribute(m.out.integers("perm", List.of(0, 2, 3, 1)));
      m.node("Flatten", "reshaped", "last.y").addAttribute(m.out.integer("axis", -3));
    }
    requireSame(m, m.model(m.dense(x.as("reshaped.y"))));
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
