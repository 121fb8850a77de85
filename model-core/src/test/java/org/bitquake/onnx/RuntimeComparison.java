package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Engines;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/**
 * A network against ONNX Runtime running the model it came from or went to. Every layer is compared
 * on the codes that the runtime itself fed it, so that a difference cannot hide behind an earlier
 * one. The runtime sums in float32; a code may differ by one where {@code y} is within that
 * rounding of {@code k + ½}, and nowhere else.
 */
final class RuntimeComparison {
  /** What was seen: images, how many predictions were equal, codes, how many differ at ties. */
  record Result(int images, int samePredictions, long codes, long differing) {}

  private final QuantizedNetwork network;
  private final ModelProto model;
  private final Map<String, String> levels;
  private final byte[] images;
  private final int count;

  /**
   * The runtime's codes of each layer, {@code [N, C, H, W]}, counted from 0 as the network does.
   */
  private final int[][] codes;

  private long compared;
  private long differing;

  private RuntimeComparison(
      QuantizedNetwork network,
      ModelProto model,
      Map<String, String> levels,
      byte[] images,
      int count) {
    this.network = network;
    this.model = model;
    this.levels = levels;
    this.images = images;
    this.count = count;
    this.codes = new int[network.layers().size()][];
  }

  /**
   * Compares.
   *
   * @param levels the tensor of each layer's 8-bit codes, by the layer's name
   */
  static Result compare(
      QuantizedNetwork network,
      ModelProto model,
      Map<String, String> levels,
      byte[] images,
      int count)
      throws OrtException {
    return new RuntimeComparison(network, model, levels, images, count).run();
  }

  private Result run() throws OrtException {
    String in = model.getGraph().getInput(0).getName();
    var env = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      // Each operator as ONNX defines it: the runtime's optimiser would quantise float biases.
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      options.setIntraOpNumThreads(1);
      try (var session = env.createSession(observed().toByteArray(), options);
          OnnxTensor tensor = input(env, (TensorInfo) session.getInputInfo().get(in).getInfo());
          var results = session.run(Map.of(in, tensor))) {
        float[] logits = floats((OnnxTensor) results.get(0));
        for (int i = 0; i < network.layers().size(); i++) {
          layer(i, results, logits);
        }
        return new Result(count, agreeing(logits), compared, differing);
      }
    }
  }

  /** The model, with the codes of every layer among its outputs. */
  private ModelProto observed() {
    var builder = model.toBuilder();
    String output = model.getGraph().getOutput(0).getName();
    for (String name : levels.values()) {
      int element = RuntimeCodes.isSigned(model, name) ? DataType.INT8_VALUE : DataType.UINT8_VALUE;
      var type =
          TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(element));
      if (!name.equals(output)) {
        builder
            .getGraphBuilder()
            .addOutput(ValueInfoProto.newBuilder().setName(name).setType(type));
      }
    }
    return builder.build();
  }

  /** The images as the model takes them: type, and order of dimensions. */
  private OnnxTensor input(OrtEnvironment env, TensorInfo info) throws OrtException {
    Shape s = network.inputShape();
    long[] shape = info.getShape().clone();
    shape[0] = count;
    boolean last = shape.length == 4 && shape[1] != s.channels() && shape[3] == s.channels();
    byte[] ordered = images.clone();
    for (int k = 0; k < images.length && last; k++) {
      int x = k % s.width();
      int y = k / s.width() % s.height();
      int c = k / s.width() / s.height() % s.channels();
      int image = k / s.size();
      ordered[((image * s.height() + y) * s.width() + x) * s.channels() + c] = images[k];
    }
    if (info.type != OnnxJavaType.FLOAT) {
      for (int k = 0; k < ordered.length && info.type == OnnxJavaType.INT8; k++) {
        ordered[k] -= (byte) 128;
      }
      var pixels = ByteBuffer.allocateDirect(ordered.length).order(ByteOrder.nativeOrder());
      return OnnxTensor.createTensor(env, pixels.put(ordered).flip(), shape, info.type);
    }
    float[] reals = new float[ordered.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (ordered[i] & 0xff) / 255f;
    }
    return OnnxTensor.createTensor(env, FloatBuffer.wrap(reals), shape);
  }

  private static float[] floats(OnnxTensor tensor) {
    if (tensor.getInfo().type != OnnxJavaType.FLOAT) {
      int[] codes = RuntimeCodes.of(tensor);
      float[] values = new float[codes.length];
      for (int k = 0; k < codes.length; k++) {
        values[k] = codes[k];
      }
      return values;
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private void layer(int i, OrtSession.Result results, float[] logits) {
    Layer layer = network.layers().get(i);
    var expected = new LayerOracle(network, layer, position -> operand(position), count).results();
    String tensor = levels.get(layer.name());
    if (tensor != null) {
      codes[i] =
          RuntimeCodes.of(
              model,
              tensor,
              (OnnxTensor) results.get(tensor).orElseThrow(),
              network.codes(i).zero());
      assertThat(codes[i]).as(layer.name()).hasSize(count * layer.outputShape().size());
    } else {
      codes[i] = new int[count * layer.outputShape().size()];
    }
    if (layer instanceof Convolution c && c.activation().isEmpty()) {
      for (int k = 0; k < logits.length; k++) {
        float y = expected.real()[k];
        float allowed = (float) expected.rounding()[k];
        assertThat(Math.abs(y - logits[k])).as("logit %d", k).isLessThanOrEqualTo(allowed);
      }
      return;
    }
    for (int k = 0; k < codes[i].length; k++) {
      int ours = expected.code(k);
      if (tensor == null) {
        codes[i][k] = ours;
      } else {
        code(layer.name(), codes[i][k], ours, expected.real()[k], expected.rounding()[k]);
      }
    }
  }

  private int[] operand(int position) {
    if (position != QuantizedNetwork.INPUT) {
      return codes[position];
    }
    byte[] encoded = network.input().encode(images, count);
    int[] pixels = new int[encoded.length];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = encoded[k] & 0xff;
    }
    return pixels;
  }

  private void code(String layer, int theirs, int ours, float y, double rounding) {
    compared++;
    if (theirs != ours) {
      differing++;
      double fromTie = Math.abs(y - Math.floor(y) - 0.5);
      assertThat(Math.abs(theirs - ours))
          .as("%s: %d, not %d, for %s", layer, theirs, ours, y)
          .isEqualTo(1);
      assertThat(fromTie).as("%s: %d for %s", layer, theirs, y).isLessThanOrEqualTo(rounding);
    }
  }

  private int agreeing(float[] logits) {
    int[] ours = new int[count];
    try (Engine engine =
        network.isPlain() ? Engines.prepare(network) : new ReferenceEngine(network)) {
      engine.predict(images, count, ours);
    }
    int same = 0;
    boolean isClass = logits.length == count;
    for (int n = 0; n < count; n++) {
      int best = 0;
      for (int c = 1; c < network.classes() && !isClass; c++) {
        int at = n * network.classes();
        best = logits[at + c] > logits[at + best] ? c : best;
      }
      same += (isClass ? (int) logits[n] : best) == ours[n] ? 1 : 0;
    }
    return same;
  }

  /** The tensors that {@link OnnxFile} gives the codes of each layer. */
  static Map<String, String> exportedLevels(QuantizedNetwork network) {
    Map<String, String> levels = new LinkedHashMap<>();
    for (Convolution c : network.weightLayers()) {
      c.activation()
          .map(Activation::bits)
          .ifPresent(bits -> levels.put(c.name(), c.name() + (bits < 8 ? ".clipped" : ".levels")));
    }
    return levels;
  }
}
