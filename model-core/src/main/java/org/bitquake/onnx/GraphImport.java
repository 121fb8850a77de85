package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.bitquake.Text;
import org.bitquake.data.Shape;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Image;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Quantizer;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Weights;

/**
 * Walks an ONNX graph in its own order and folds it into integer layers. Everything not understood
 * is refused, by node.
 */
final class GraphImport {
  private static final int MAX_IMAGE = 1 << 22;

  /** Values that the whole walk may hold: many nodes can read the same large tensor. */
  static final long MAX_VALUES = 1 << 27;

  private static final String SUPPORTED =
      "Conv, Gemm, MatMul, BatchNormalization, Relu, Clip, Add, MaxPool, AveragePool,"
          + " GlobalAveragePool, ReduceMean, Flatten, Reshape, QuantizeLinear, DequantizeLinear,"
          + " Constant, Identity, Transpose";

  private final GraphProto graph;
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> readers = new HashMap<>();
  private final IdentityHashMap<Levels, Codes> dequantized = new IdentityHashMap<>();
  private final LayerList layers = new LayerList();
  private final LayerNodes layerNodes = new LayerNodes(layers);

  private long held;

  private GraphImport(GraphProto graph) {
    this.graph = graph;
  }

  /**
   * @throws IllegalArgumentException naming the node that cannot be folded, and why
   */
  static QuantizedNetwork network(GraphProto graph, String name, Map<String, String> provenance) {
    return new GraphImport(graph).run(name, provenance);
  }

  private QuantizedNetwork run(String name, Map<String, String> provenance) {
    for (TensorProto tensor : graph.getInitializerList()) {
      Require.that(
          initializers.put(tensor.getName(), tensor) == null,
          "there are two initializers %s",
          Require.quote(tensor.getName()));
    }
    Image image = image();
    Require.that(graph.getOutputCount() == 1, "it has %d outputs, not 1", graph.getOutputCount());
    graph
        .getNodeList()
        .forEach(n -> n.getInputList().forEach(i -> readers.merge(i, 1, Integer::sum)));
    readers.merge(graph.getOutput(0).getName(), 1, Integer::sum);
    for (int i = 0; i < graph.getNodeCount(); i++) {
      named(graph.getNode(i), i);
    }
    output();
    return new QuantizedNetwork(
        name, image.shape(), layers.imageStep(), layers.layers(), new TreeMap<>(provenance));
  }

  /** The one input that is no initializer: {@code [N, C, H, W]}, N open or any. */
  private Image image() {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(v -> !initializers.containsKey(v.getName())).toList();
    Require.that(inputs.size() == 1, "it has %d inputs, not 1, the image", inputs.size());
    ValueInfoProto input = inputs.get(0);
    String name = Require.quote(input.getName());
    TypeProto.Tensor type = input.getType().getTensorType();
    int element = type.getElemType();
    Require.that(
        element == DataType.FLOAT_VALUE || element == DataType.UINT8_VALUE,
        "its input %s is not float32 or uint8 (data type %d)",
        name,
        element);
    Require.that(
        type.getShape().getDimCount() == 4,
        "its input %s has %d dimensions; it must be [N, C, H, W]",
        name,
        type.getShape().getDimCount());
    int[] sizes = new int[3];
    long product = 1;
    for (int i = 0; i < 3; i++) {
      long size = type.getShape().getDim(i + 1).getDimValue();
      Require.that(
          size > 0,
          "its input %s has no fixed size in dimension %d; export it with fixed channels, height"
              + " and width",
          name,
          i + 1);
      product *= Math.min(size, MAX_IMAGE + 1);
      Require.that(product <= MAX_IMAGE, "its input %s is larger than %d values", name, MAX_IMAGE);
      sizes[i] = (int) size;
    }
    var image = new Image(new Shape(sizes[0], sizes[1], sizes[2]), element != DataType.FLOAT_VALUE);
    values.put(input.getName(), image);
    return image;
  }

  private void named(NodeProto proto, int index) {
    try {
      run(proto);
    } catch (IllegalArgumentException | ArithmeticException e) {
      String name = proto.getName().isEmpty() ? "number " + index : Require.quote(proto.getName());
      throw new IllegalArgumentException(
          Text.of("node %s (%s): %s", name, Require.quote(proto.getOpType()), e.getMessage()), e);
    }
  }

  private void run(NodeProto proto) {
    Require.that(
        ModelReader.isStandard(proto.getDomain()),
        "operators of domain %s are not supported; export QCDQ or QDQ with standard operators",
        Require.quote(proto.getDomain()));
    Require.that(proto.getOutputCount() >= 1, "it has no output");
    List<Optional<Value>> inputs = new ArrayList<>();
    for (String input : proto.getInputList()) {
      inputs.add(input.isEmpty() ? Optional.empty() : Optional.of(value(input)));
    }
    int first = proto.getInputCount() == 0 ? 0 : readers.getOrDefault(proto.getInput(0), 0);
    Value result = hold(apply(new Node(proto, inputs, first)));
    String output = proto.getOutput(0);
    Require.that(
        !values.containsKey(output) && !initializers.containsKey(output),
        "its output %s exists already",
        Require.quote(output));
    values.put(output, result);
  }

  private Value value(String name) {
    Value known = values.get(name);
    if (known != null) {
      return known;
    }
    TensorProto tensor = initializers.get(name);
    Require.that(
        tensor != null,
        "its input %s is neither an initializer nor an output of an earlier node",
        Require.quote(name));
    return hold(Constant.of(tensor));
  }

  private Value hold(Value value) {
    held += value.size();
    Require.that(
        held <= MAX_VALUES, "the weights and constants up to here hold over %d values", MAX_VALUES);
    return value;
  }

  private Value apply(Node node) {
    return switch (node.op()) {
      case "Constant" -> ConstantNodes.constant(node);
      case "Identity" -> identity(node);
      case "Transpose" -> transpose(node);
      case "QuantizeLinear" -> quantize(node);
      case "DequantizeLinear" -> dequantize(node);
      case "Clip" -> clip(node);
      case "Conv" -> layerNodes.convolution(node);
      case "Gemm" -> layerNodes.gemm(node);
      case "MatMul" -> layerNodes.matrixProduct(node);
      case "BatchNormalization" -> layerNodes.normalization(node);
      case "Relu" -> layerNodes.relu(node);
      case "Add" -> layerNodes.addition(node);
      case "MaxPool" -> layerNodes.maxPool(node);
      case "AveragePool" -> layerNodes.averagePool(node);
      case "GlobalAveragePool" -> layerNodes.globalAverage(node);
      case "ReduceMean" -> layerNodes.mean(node);
      case "Flatten", "Reshape" -> layerNodes.reshape(node);
      default -> throw Require.no("it is not one of the supported operators: %s", SUPPORTED);
    };
  }

  private static Value identity(Node node) {
    if (node.input(0) instanceof Sums || node.input(0) instanceof Levels) {
      node.requireOnlyReader();
    }
    return node.input(0);
  }

  private static Value transpose(Node node) {
    node.allow("perm");
    int[] perm = node.integers("perm");
    Require.that(
        node.input(0) instanceof Weights && (perm == null || Arrays.equals(perm, new int[] {1, 0})),
        "it is supported for matrices of dequantised weights only");
    return ((Weights) node.input(0)).transposed();
  }

  private static Value quantize(Node node) {
    node.allow("axis");
    Value in = node.input(0);
    if (in instanceof Constant c) {
      return ConstantNodes.quantized(node, c);
    }
    Require.that(
        in instanceof Codes || in instanceof Sums || (in instanceof Image image && !image.bytes()),
        "it quantises %s",
        in.describe());
    if (in instanceof Sums) {
      node.requireOnlyReader();
    }
    Constant step = node.constant(1, "step");
    Require.that(
        step.length() == 1,
        "it quantises activations with %d steps; one per tensor is supported",
        step.length());
    float s = step.real("its step");
    Require.that(Float.isFinite(s) && s > 0, "its step is %s; it must be above 0", s);
    Optional<Constant> zero =
        node.has(2) ? Optional.of(node.constant(2, "zero point")) : Optional.empty();
    int low = zero.map(Constant::low).orElse(0);
    int high = zero.map(Constant::high).orElse(255);
    Require.that(low >= -128 && high <= 255, "it quantises to more than 8 bits");
    return new Levels(in, new Quantizer(s, ConstantNodes.zero(zero), low, high));
  }

  private Value dequantize(Node node) {
    node.allow("axis");
    Value in = node.input(0);
    if (in instanceof Constant c) {
      return ConstantNodes.dequantized(node, c);
    }
    if (in instanceof Image image) {
      Require.that(image.bytes(), "it dequantises a float image");
      int zero =
          node.has(2) ? ConstantNodes.single(node.constant(2, "zero point"), "zero point") : 0;
      Require.that(zero == 0, "the image has zero point %d; 0 is supported", zero);
      float step = node.scalar(1, "step");
      Require.that(Float.isFinite(step) && step > 0, "its step is %s", step);
      return new Codes(
          QuantizedNetwork.INPUT, image.shape(), step, 0, QuantizedNetwork.MAX_PIXEL, false);
    }
    Require.that(in instanceof Levels, "it dequantises %s", in.describe());
    var levels = (Levels) in;
    Codes codes = layerNodes.dequantized(node, levels, dequantized.get(levels));
    dequantized.put(levels, codes);
    return codes;
  }

  private Value clip(Node node) {
    if (node.input(0) instanceof Constant c) {
      return ConstantNodes.clipped(node, c);
    }
    if (node.input(0) instanceof Levels levels) {
      node.requireOnlyReader();
      var q = levels.quantizer();
      int[] limits = ConstantNodes.limits(node, q.low(), q.high());
      return new Levels(levels.source(), new Quantizer(q.step(), q.zero(), limits[0], limits[1]));
    }
    return layerNodes.clip(node);
  }

  private void output() {
    String name = graph.getOutput(0).getName();
    Value value = values.get(name);
    Require.that(value != null, "nothing computes its output %s", Require.quote(name));
    Require.that(
        value instanceof Sums && readers.get(name) == 1,
        "its output %s is %s; it must be the sums of the last layer, the logits, without"
            + " quantisation or activation, and read by nothing else",
        Require.quote(name),
        value.describe());
    layers.logits((Sums) value);
  }
}
