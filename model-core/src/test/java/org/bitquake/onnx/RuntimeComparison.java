package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx.ModelProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.bitquake.data.Shape;
import org.bitquake.engine.Engines;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * A network against ONNX Runtime running the model it came from or went to. Every layer is compared
 * on the codes that the runtime itself fed it, so that a difference cannot hide behind an earlier
 * one. The runtime sums in float32; a code may differ by one where {@code y} is within that
 * rounding of {@code k + ½}, and nowhere else.
 */
final class RuntimeComparison {
  /** Largest relative error of one float operation. */
  private static final double ULP = 0x1p-23;

  /** What was seen: images, how many predictions were equal, codes, how many differ at ties. */
  record Result(int images, int samePredictions, long codes, long differing) {}

  private final QuantizedNetwork network;
  private final byte[] images;
  private final int count;

  /** The runtime's codes of each layer, {@code [N, C, H, W]}. */
  private final int[][] codes;

  private long compared;
  private long differing;

  private RuntimeComparison(QuantizedNetwork network, byte[] images, int count) {
    this.network = network;
    this.images = images;
    this.count = count;
    this.codes = new int[network.layers().size()][];
  }

  /**
   * Compares.
   *
   * @param levels the tensor of each layer's uint8 codes, by the layer's name
   */
  static Result compare(
      QuantizedNetwork network,
      ModelProto model,
      Map<String, String> levels,
      byte[] images,
      int count)
      throws OrtException {
    return new RuntimeComparison(network, images, count).run(model, levels);
  }

  private Result run(ModelProto model, Map<String, String> levels) throws OrtException {
    String in = model.getGraph().getInput(0).getName();
    var env = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setIntraOpNumThreads(1);
      try (var session = env.createSession(observed(model, levels).toByteArray(), options);
          OnnxTensor tensor = input(env, session.getInputInfo().get(in).getInfo().toString());
          var results = session.run(Map.of(in, tensor))) {
        float[] logits = floats((OnnxTensor) results.get(0));
        for (int i = 0; i < network.layers().size(); i++) {
          layer(i, levels, results, logits);
        }
        return new Result(count, agreeing(logits), compared, differing);
      }
    }
  }

  /** The model, with the codes of every layer among its outputs. */
  private static ModelProto observed(ModelProto model, Map<String, String> levels) {
    var builder = model.toBuilder();
    for (String name : levels.values()) {
      int element = name.endsWith(".signed") ? DataType.INT8_VALUE : DataType.UINT8_VALUE;
      var type =
          TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(element));
      builder.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(name).setType(type));
    }
    return builder.build();
  }

  private OnnxTensor input(OrtEnvironment env, String info) throws OrtException {
    Shape s = network.inputShape();
    long[] shape = {count, s.channels(), s.height(), s.width()};
    if (info.contains("UINT8")) {
      var pixels = ByteBuffer.allocateDirect(images.length).order(ByteOrder.nativeOrder());
      return OnnxTensor.createTensor(env, pixels.put(images).flip(), shape, OnnxJavaType.UINT8);
    }
    float[] reals = new float[images.length];
    for (int i = 0; i < reals.length; i++) {
      reals[i] = (images[i] & 0xff) / 255f;
    }
    return OnnxTensor.createTensor(env, FloatBuffer.wrap(reals), shape);
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private void layer(int i, Map<String, String> levels, OrtSession.Result results, float[] logits) {
    Layer layer = network.layers().get(i);
    String tensor = levels.get(layer.name());
    if (tensor != null) {
      codes[i] = levels((OnnxTensor) results.get(tensor).orElseThrow());
      assertThat(codes[i]).as(layer.name()).hasSize(count * layer.outputShape().size());
    }
    if (layer instanceof Convolution c) {
      convolution(i, c, logits);
    } else {
      int[] in = operand(layer.input());
      int[] out = layer instanceof MaxPool p ? maximum(p, in) : sum((GlobalSum) layer, in);
      if (tensor == null) {
        codes[i] = out;
      } else {
        // The runtime pooled before it quantised; its layer's codes are ours, checked here.
        assertThat(out).as(layer.name()).isEqualTo(codes[i]);
      }
    }
  }

  private static int[] levels(OnnxTensor tensor) {
    ByteBuffer bytes = tensor.getByteBuffer();
    boolean signed = tensor.getInfo().type == OnnxJavaType.INT8;
    int[] codes = new int[bytes.remaining()];
    for (int k = 0; k < codes.length; k++) {
      int b = bytes.get();
      codes[k] = signed ? b + 128 : b & 0xff;
    }
    return codes;
  }

  private int[] operand(int position) {
    if (position != QuantizedNetwork.INPUT) {
      return codes[position];
    }
    int[] pixels = new int[images.length];
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = images[k] & 0xff;
    }
    return pixels;
  }

  private void convolution(int i, Convolution c, float[] logits) {
    int[] in = operand(c.input());
    Optional<int[]> second = c.residual().map(r -> operand(r.source()));
    int area = c.outputShape().height() * c.outputShape().width();
    int outputs = count * c.outputShape().size();
    boolean unseen = codes[i] == null;
    codes[i] = unseen ? new int[outputs] : codes[i];
    for (int k = 0; k < outputs; k++) {
      long[] sums = sums(c, in, k);
      int channel = k / area % c.outputShape().channels();
      float scale = c.scale()[channel];
      float y = ((float) sums[0] + c.bias()[channel]) * scale;
      double size = (sums[1] + Math.abs(c.bias()[channel])) * Math.abs(scale);
      if (second.isPresent()) {
        float ratio = c.residual().orElseThrow().ratio();
        y = Math.fma(ratio, second.get()[k], y);
        size += Math.abs(ratio) * second.get()[k];
      }
      double rounding = ULP * (c.geometry().taps(c.inputShape()) + 16) * size;
      if (c.activation().isEmpty()) {
        assertThat(Math.abs(y - logits[k])).as("logit %d", k).isLessThanOrEqualTo((float) rounding);
      } else {
        int max = c.activation().get().maxCode();
        int ours = (int) Math.rint(Math.min(Math.max(y, 0f), max));
        if (unseen) {
          codes[i][k] = ours;
        } else {
          code(c.name(), codes[i][k], ours, y, rounding);
        }
      }
    }
  }

  private void code(String layer, int theirs, int ours, float y, double rounding) {
    compared++;
    if (theirs != ours) {
      differing++;
      double fromTie = Math.abs(y - Math.floor(y) - 0.5);
      assertThat(Math.abs(theirs - ours)).as("%s: %d for %s", layer, theirs, y).isEqualTo(1);
      assertThat(fromTie).as("%s: %d for %s", layer, theirs, y).isLessThanOrEqualTo(rounding);
    }
  }

  /** {@code Σ w·a} and {@code Σ |w·a|} of output k. */
  private static long[] sums(Convolution c, int[] in, int k) {
    Shape from = c.inputShape();
    Shape to = c.outputShape();
    var g = c.geometry();
    int x = k % to.width();
    int y = k / to.width() % to.height();
    int o = k / to.width() / to.height() % to.channels();
    int image = k / to.size();
    int perGroup = from.channels() / g.groups();
    int first = o / (to.channels() / g.groups()) * perGroup;
    byte[] w = c.weights().codes();
    long sum = 0;
    long size = 0;
    for (int ic = 0; ic < perGroup; ic++) {
      for (int ky = 0; ky < g.kernelHeight(); ky++) {
        int iy = y * g.stride() + ky - g.padding();
        for (int kx = 0; kx < g.kernelWidth(); kx++) {
          int ix = x * g.stride() + kx - g.padding();
          if (iy >= 0 && ix >= 0 && iy < from.height() && ix < from.width()) {
            int a =
                in[image * from.size() + ((first + ic) * from.height() + iy) * from.width() + ix];
            int product =
                a * w[((o * perGroup + ic) * g.kernelHeight() + ky) * g.kernelWidth() + kx];
            sum += product;
            size += Math.abs(product);
          }
        }
      }
    }
    return new long[] {sum, size};
  }

  private int[] maximum(MaxPool p, int[] in) {
    Shape from = p.inputShape();
    Shape to = p.outputShape();
    int[] out = new int[count * to.size()];
    for (int k = 0; k < out.length; k++) {
      int x = k % to.width() * p.stride();
      int y = k / to.width() % to.height() * p.stride();
      int plane = k / to.width() / to.height();
      for (int d = 0; d < p.size() * p.size(); d++) {
        int at = (plane * from.height() + y + d / p.size()) * from.width() + x + d % p.size();
        out[k] = Math.max(out[k], in[at]);
      }
    }
    return out;
  }

  private int[] sum(GlobalSum s, int[] in) {
    int area = s.inputShape().height() * s.inputShape().width();
    int[] out = new int[count * s.inputShape().channels()];
    for (int k = 0; k < in.length; k++) {
      out[k / area] += in[k];
    }
    return out;
  }

  private int agreeing(float[] logits) {
    int[] ours = new int[count];
    try (var engine = Engines.prepare(network)) {
      engine.predict(images, count, ours);
    }
    int same = 0;
    for (int n = 0; n < count; n++) {
      int best = 0;
      for (int c = 1; c < network.classes(); c++) {
        int at = n * network.classes();
        best = logits[at + c] > logits[at + best] ? c : best;
      }
      same += best == ours[n] ? 1 : 0;
    }
    return same;
  }

  /** The tensors that {@link OnnxFile} gives the codes of each layer. */
  static Map<String, String> exportedLevels(QuantizedNetwork network) {
    Map<String, String> levels = new LinkedHashMap<>();
    for (Convolution c : network.weightLayers()) {
      c.activation()
          .ifPresent(a -> levels.put(c.name(), c.name() + (a.bits() < 8 ? ".clipped" : ".levels")));
    }
    return levels;
  }
}
