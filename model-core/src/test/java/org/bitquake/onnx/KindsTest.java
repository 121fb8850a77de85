package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import org.bitquake.network.Concat;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.QdqModels.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/**
 * Kinds of layers of quantised models: what they become gives ONNX Runtime's codes in every one.
 */
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

  static QuantizedNetwork requireSame(QdqModels m, Tensor last) throws Exception {
    return requireSame(m, m.model(m.classes(last)));
  }

  private static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  static Tensor stem(QdqModels m, Tensor in, boolean signed) {
    return m.quantised("stem", m.conv("stem", in, 2 + m.random.nextInt(5)), signed);
  }

  static Tensor stem(QdqModels m) {
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
}
