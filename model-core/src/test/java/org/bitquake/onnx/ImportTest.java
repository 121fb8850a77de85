package org.bitquake.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import onnx.Onnx.ModelProto;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.junit.jupiter.api.Test;

/** Models as other programs write them: what they become, and ONNX Runtime's opinion. */
class ImportTest {
  private static final int IMAGES = 24;

  private static QuantizedNetwork read(ModelProto model) {
    return OnnxFile.read(model.toByteArray(), "model.onnx", "model");
  }

  private static QuantizedNetwork requireSame(ModelProto model, Map<String, String> levels)
      throws Exception {
    QuantizedNetwork network = read(model);
    byte[] images = new byte[IMAGES * ExportedModels.IMAGE.size()];
    new SplittableRandom(3).nextBytes(images);
    var result = RuntimeComparison.compare(network, model, levels, images, IMAGES);
    assertThat(result.differing()).isLessThan(result.codes() / 1_000);
    assertThat(result.codes()).isGreaterThan(5_000);
    return network;
  }

  /** Per-channel int8 weights, unfolded normalisation, 8-bit activations, a residual, Gemm. */
  @Test
  void pyTorch() throws Exception {
    var m = new ExportedModels(1);
    String x = m.quantized("input", 1 / 255f, 8, "image");
    m.conv("stem", 3, 1, 1, "stem.y", x, m.fakeQuantized("stem", 0, 8, 3, 3, 3));
    String y = m.relu("stem", m.normalized("stem", 8, 0.6, 2, "stem.y"));
    x = m.quantized("stem", 0.02f, 8, y);
    m.out
        .node("MaxPool", "/pool/MaxPool", "pool.y", x)
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2)))
        .addAttribute(m.out.integer("ceil_mode", 0))
        .addAttribute(m.out.integers("strides", List.of(2, 2)));
    x = m.quantized("again", 0.02f, 8, "pool.y");
    m.conv("depthwise", 3, 1, 8, "dw.y", x, m.fakeQuantized("depthwise", 0, 8, 1, 3, 3));
    y = m.normalized("depthwise", 8, 0.6, 2, "dw.y");
    m.out.node("Clip", "/relu6", "dw.relu6", y, six(m, 0), six(m, 6));
    String z = m.quantized("depthwise", 0.02f, 8, "dw.relu6");
    m.conv("pointwise", 1, 1, 1, "pw.y", z, m.fakeQuantized("pointwise", 0, 8, 8, 1, 1));
    m.out.node("Add", "/add/Add", "added", x, m.normalized("pointwise", 8, 0.6, 2, "pw.y"));
    x = m.quantized("pointwise", 0.03f, 8, m.relu("pointwise", "added"));
    m.out.node("GlobalAveragePool", "/avgpool/GlobalAveragePool", "average", x);
    m.out.node("Flatten", "/Flatten", "flat", "average").addAttribute(m.out.integer("axis", 1));
    m.out.floats("fc.bias", m.uniform(10, -1, 1));
    m.out
        .node("Gemm", "/fc/Gemm", "logits", "flat", m.fakeQuantized("fc", 0, 10, 8), "fc.bias")
        .addAttribute(m.out.integer("transB", 1));

    var levels =
        Map.of(
            "stem", "stem.levels",
            "depthwise", "depthwise.levels",
            "pointwise", "pointwise.levels");
    var network = requireSame(m.model("pytorch", true), levels);

    assertThat(network.layers())
        .extracting(l -> l.name())
        .containsExactly("stem", "pool", "depthwise", "pointwise", "avgpool", "fc");
    assertThat(network.weightLayers())
        .allSatisfy(c -> assertThat(c.weights().bits()).isEqualTo(8))
        .allSatisfy(c -> assertThat(c.weights().step()).hasSameSizeAs(c.bias()));
    assertThat(network.provenance()).containsEntry("imported.producer", "pytorch 1");
  }

  private static String six(ExportedModels m, float value) {
    m.out.scalar("limit" + value, value);
    return "limit" + value;
  }

  /** 4-bit QCDQ, no input quantiser, pooling before the quantiser, Transpose and MatMul. */
  @Test
  void brevitas() throws Exception {
    var m = new ExportedModels(2);
    bias(m, "conv1", 0.05f / 255, 6);
    m.conv("conv1", 5, 1, 1, "conv1.y", "image", m.clipped("conv1", 6, 3, 5, 5), "conv1.real_bias");
    m.out
        .node("MaxPool", "/pool/MaxPool", "pool.y", m.relu("conv1", "conv1.y"))
        .addAttribute(m.out.integers("kernel_shape", List.of(2, 2)))
        .addAttribute(m.out.integers("strides", List.of(2, 2)));
    String x = m.quantized("conv1", 0.0973f, 4, "pool.y"); // no sum can be exactly k + ½
    m.conv("conv2", 3, 2, 2, "conv2.y", x, m.clipped("conv2", 12, 3, 3, 3));
    x = m.quantized("conv2", 0.2f, 4, m.relu("conv2", "conv2.y"));
    m.out.integers("shape", -1, 12 * 16);
    m.out.node("Reshape", "/Reshape", "flat", x, "shape");
    m.out
        .node("Transpose", "/Transpose", "turned", m.clipped("fc1", 30, 192))
        .addAttribute(m.out.integers("perm", List.of(1, 0)));
    m.out.node("MatMul", "/fc1/MatMul", "fc1.y", "flat", "turned");
    m.out.floats("fc1.bias", m.uniform(30, -1, 1));
    m.out.node("Add", "/fc1/Add", "fc1.z", "fc1.bias", "fc1.y");
    x = m.quantized("fc1", 0.4f, 4, m.relu("fc1", "fc1.z"));
    m.out.node("MatMul", "/fc2/MatMul", "logits", x, m.fakeQuantized("fc2", 1, 30, 10));

    // The quantiser after the pooling gives the pool's codes; the layer's own are not computed.
    var model = m.model("pytorch", true);
    var network = read(model);
    assertThat(network.layers())
        .extracting(l -> l.name())
        .containsExactly("conv1", "pool", "conv2", "fc1", "fc2");
    var conv1 = (Convolution) network.layers().get(0);
    assertThat(conv1.weights().bits()).isEqualTo(4);
    assertThat(conv1.activation().orElseThrow().bits()).isEqualTo(4);
    assertThat(((Convolution) network.layers().get(3)).inputShape()).isEqualTo(new Shape(12, 4, 4));
    var levels = Map.of("pool", "conv1.clipped", "conv2", "conv2.clipped", "fc1", "fc1.clipped");
    requireSame(model, levels);
  }

  private static void bias(ExportedModels m, String name, float step, int channels) {
    int[] values = new int[channels];
    for (int c = 0; c < channels; c++) {
      values[c] = 1000 * c - 2500;
    }
    m.integers(name + ".bias", values);
    m.out.scalar(name + ".bias_step", step);
    m.out.node(
        "DequantizeLinear",
        name + "/bias",
        name + ".real_bias",
        name + ".bias",
        name + ".bias_step");
  }

  /** A shortcut quantised with negative codes: its offset moves into the layer that adds it. */
  @Test
  void aSignedShortcut() throws Exception {
    var m = new ExportedModels(4);
    String x = m.quantized("input", 1 / 255f, 8, "image");
    m.conv("stem", 3, 1, 1, "stem.y", x, m.fakeQuantized("stem", 0, 8, 3, 3, 3));
    x = m.quantized("stem", 0.05f, 6, m.normalized("stem", 8, 0.6, 2, "stem.y"));
    m.conv("shortcut", 1, 2, 1, "shortcut.y", x, m.fakeQuantized("shortcut", 0, 16, 8, 1, 1));
    String s = m.signed("shortcut", 0.03f, m.normalized("shortcut", 16, 0.6, 2, "shortcut.y"));
    m.conv("conv", 3, 2, 1, "conv.y", x, m.fakeQuantized("conv", 0, 16, 8, 3, 3));
    m.out.node("Add", "/Add", "added", m.normalized("conv", 16, 0.9, 2, "conv.y"), s);
    x = m.quantized("conv", 0.05f, 8, m.relu("conv", "added"));
    m.out
        .node("ReduceMean", "/mean", "average", x)
        .addAttribute(m.out.integers("axes", List.of(-1, -2)))
        .addAttribute(m.out.integer("keepdims", 0));
    m.out
        .node("Gemm", "/fc/Gemm", "logits", "average", m.fakeQuantized("fc", 0, 10, 16))
        .addAttribute(m.out.integer("transB", 1));

    var levels =
        Map.of("stem", "stem.clipped", "shortcut", "shortcut.signed", "conv", "conv.levels");
    var network = requireSame(m.model("pytorch", true), levels);

    assertThat(network.weightLayers())
        .extracting(c -> c.residual().isPresent())
        .containsExactly(false, false, true, false);
  }
}
