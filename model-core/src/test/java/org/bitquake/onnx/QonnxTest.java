package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto.DataType;
import org.assertj.core.data.Offset;
import org.bitquake.InputException;
import org.bitquake.data.Shape;
import org.bitquake.engine.ReferenceEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/** QONNX's quantisers against an evaluation in double precision, node by node. */
class QonnxTest {
  private static final int FEATURES = 12;
  private static final int HIDDEN = 9;
  private static final int CLASSES = 5;

  private final ModelWriter out = new ModelWriter();
  private final SplittableRandom random = new SplittableRandom(7);

  private float[] uniform(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private NodeProto.Builder quant(String op, String name, String... inputs) {
    return out.node(op, name, name, inputs).setDomain("qonnx.custom_op.general");
  }

  private AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  /** Two dense layers, quantised so. */
  ModelProto model(String op, int bits, boolean signed, boolean narrow) {
    for (String[] p :
        new String[][] {{"scale", "0.0625"}, {"zero", "0"}, {"bits", "" + bits}, {"eight", "8"}}) {
      out.scalar(p[0], Float.parseFloat(p[1]));
    }
    out.scalar("pixel", 1 / 255f);
    quant("Quant", "in", "image", "pixel", "zero", "eight").addAttribute(out.integer("signed", 0));
    out.floats("w1", uniform(FEATURES * HIDDEN), FEATURES, HIDDEN);
    out.floats("b1", uniform(HIDDEN));
    out.floats("w2", uniform(HIDDEN * CLASSES), HIDDEN, CLASSES);
    float[] scales = new float[HIDDEN];
    for (int c = 0; c < HIDDEN; c++) {
      scales[c] = 0.05f + 0.1f * random.nextFloat();
    }
    out.floats("scales", scales, 1, HIDDEN);
    quantised(op, "q1", "w1", "scales", signed, narrow);
    out.node("MatMul", "m1", "m1", "in", "q1");
    out.node("Add", "a1", "a1", "m1", "b1");
    quantised(op, "h", "a1", "scale", signed, narrow);
    quantised("Quant", "q2", "w2", "scale", true, true);
    out.node("MatMul", "m2", "logits", "h", "q2");
    var image = new Shape(FEATURES, 1, 1);
    var model = out.model("q", image, CLASSES, Map.of()).toBuilder();
    model.setProducerName("test").setProducerVersion("1");
    return QdqModels.withInput(model.build(), DataType.FLOAT_VALUE, FEATURES);
  }

  private void quantised(
      String op, String name, String in, String scale, boolean signed, boolean narrow) {
    if (op.equals("BipolarQuant")) {
      quant(op, name, in, scale);
    } else {
      quant(op, name, in, scale, "zero", "bits")
          .addAttribute(out.integer("signed", signed ? 1 : 0))
          .addAttribute(out.integer("narrow", narrow ? 1 : 0))
          .addAttribute(text("rounding_mode", "ROUND"));
    }
  }

  /** The model's own numbers, for an evaluation. */
  private static double[] floats(ModelProto model, String name) {
    var tensor =
        model.getGraph().getInitializerList().stream()
            .filter(t -> t.getName().equals(name))
            .findFirst()
            .orElseThrow();
    var floats =
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    double[] values = new double[floats.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats.get(i);
    }
    return values;
  }

  private static double quantised(
      String op, double x, double s, int bits, boolean signed, boolean narrow) {
    if (op.equals("BipolarQuant")) {
      return x >= 0 ? s : -s;
    }
    double low = signed ? -Math.pow(2, bits - 1) + (narrow ? 1 : 0) : 0;
    double high = signed ? Math.pow(2, bits - 1) - 1 : Math.pow(2, bits) - 1 - (narrow ? 1 : 0);
    return Math.rint(Math.max(low, Math.min(high, x / s))) * s;
  }

  private static double[] product(double[] x, double[] w, int outputs) {
    double[] y = new double[outputs];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < outputs; o++) {
        y[o] += x[i] * w[i * outputs + o];
      }
    }
    return y;
  }

  @ParameterizedTest
  @CsvSource({
    "Quant, 2, true, true",
    "Quant, 3, true, false",
    "Quant, 4, false, false",
    "Quant, 4, false, true",
    "Quant, 8, true, true",
    "BipolarQuant, 4, true, false"
  })
  void quantisers(String op, int bits, boolean signed, boolean narrow) {
    ModelProto model = model(op, bits, signed, narrow);
    var network = OnnxFile.read(model.toByteArray(), "q.onnx", "q");
    int count = 300;
    byte[] images = new byte[count * FEATURES];
    random.nextBytes(images);
    float[] logits = new float[count * CLASSES];
    try (var engine = new ReferenceEngine(network)) {
      engine.logits(images, count, logits);
    }
    double[] w1 = floats(model, "w1");
    double[] scales = floats(model, "scales");
    for (int i = 0; i < w1.length; i++) {
      w1[i] = quantised(op, w1[i], scales[i % HIDDEN], bits, signed, narrow);
    }
    double[] w2 = floats(model, "w2");
    for (int i = 0; i < w2.length; i++) {
      w2[i] = quantised("Quant", w2[i], 0.0625, bits, true, true);
    }
    double[] bias = floats(model, "b1");
    double step = 1 / 255f;
    for (int n = 0; n < count; n++) {
      double[] x = new double[FEATURES];
      for (int i = 0; i < FEATURES; i++) {
        x[i] = (images[n * FEATURES + i] & 0xff) * step;
      }
      double[] h = product(x, w1, HIDDEN);
      for (int o = 0; o < HIDDEN; o++) {
        h[o] = quantised(op, h[o] + bias[o], 0.0625, bits, signed, narrow);
      }
      double[] y = product(h, w2, CLASSES);
      for (int o = 0; o < CLASSES; o++) {
        assertThat((double) logits[n * CLASSES + o]).isCloseTo(y[o], Offset.offset(1e-5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOOR", "CEIL"})
  void otherRoundingIsRefused(String mode) {
    ModelProto model = model("Quant", 4, true, true);
    var builder = model.toBuilder();
    for (NodeProto.Builder node : builder.getGraphBuilder().getNodeBuilderList()) {
      node.getAttributeBuilderList().stream()
          .filter(a -> a.getName().equals("rounding_mode"))
          .forEach(a -> a.setS(ByteString.copyFromUtf8(mode)));
    }
    assertThatThrownBy(() -> OnnxFile.read(builder.build().toByteArray(), "q.onnx", "q"))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("q1", "Quant", mode);
  }
}
