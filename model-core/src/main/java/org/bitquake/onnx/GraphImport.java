package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import onnx.Onnx.GraphProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;
import org.bitquake.Text;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.Value.Answer;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Sums;

/**
 * Walks an ONNX graph in its own order and folds it into integer layers. Everything not understood
 * is refused, by node.
 */
final class GraphImport {
  private static final int MAX_IMAGE = 1 << 22;

  /** Values that the whole walk may hold: many nodes can read the same large tensor. */
  static final long MAX_VALUES = 1 << 27;

  private static final Set<String> QONNX =
      Set.of("qonnx.custom_op.general", "finn.custom_op.general", "onnx.brevitas");

  private static final String SUPPORTED =
      "Conv, Gemm, MatMul, BatchNormalization, Relu, Clip, Add, Sub, Mul, Div, Concat, MaxPool,"
          + " AveragePool, GlobalAveragePool, ReduceMean, Pad, Flatten, Reshape, Squeeze, Unsqueeze,"
          + " Transpose, QuantizeLinear, DequantizeLinear, Cast, Constant, Identity, Dropout,"
          + " QLinearConv and its kin, QONNX's Quant, and Softmax at the end";

  private final GraphProto graph;
  private final InputFormat format;
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Map<String, Value> values = new HashMap<>();
  private final Readers readers;
  private final LayerList layers = new LayerList();
  private final QuantizerNodes quantizers = new QuantizerNodes(layers);
  private final WeightNodes weightNodes = new WeightNodes(layers, quantizers);
  private final PoolNodes poolNodes;
  private final TensorNodes tensorNodes;
  private final ShapeNodes shapeNodes = new ShapeNodes(quantizers);
  private final OperatorNodes operatorNodes;
  private final QuantNodes quantNodes = new QuantNodes(quantizers);
  private final EndNodes endNodes;

  private long held;

  /** The real value of a code of the output, where codes come out. */
  private Optional<Double> outputStep = Optional.empty();

  private GraphImport(GraphProto graph, int opset, InputFormat format) {
    Require.that(graph.getOutputCount() == 1, "it has %d outputs, not 1", graph.getOutputCount());
    this.graph = graph;
    this.format = format;
    this.readers = new Readers(graph);
    this.poolNodes = new PoolNodes(layers, quantizers, readers);
    this.tensorNodes = new TensorNodes(layers, quantizers, readers);
    this.operatorNodes = new OperatorNodes(layers, quantizers, weightNodes, tensorNodes, poolNodes);
    this.endNodes = new EndNodes(opset);
  }

  /**
   * @param opset version of the standard operators
   * @param provenance what is known of the model; what the import adds is put in
   * @throws IllegalArgumentException naming the node that cannot be folded, and why
   */
  static QuantizedNetwork network(
      GraphProto graph,
      int opset,
      InputFormat format,
      String name,
      Map<String, String> provenance) {
    return new GraphImport(graph, opset, format).run(name, provenance);
  }

  private QuantizedNetwork run(String name, Map<String, String> provenance) {
    for (TensorProto tensor : graph.getInitializerList()) {
      Require.that(
          initializers.put(tensor.getName(), tensor) == null,
          "there are two initializers %s",
          Require.quote(tensor.getName()));
    }
    image();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      named(graph.getNode(i), i);
    }
    output();
    var network = new QuantizedNetwork(name, layers.input(), layers.layers(), provenance);
    network
        .outputCodes()
        .filter(codes -> outputStep.filter(step -> step != codes.step()).isPresent())
        .ifPresent(
            codes -> endNodes.leaveOut("factor " + (float) (outputStep.get() / codes.step())));
    Map<String, String> known = new TreeMap<>(provenance);
    if (!endNodes.leftOut().isEmpty()) {
      known.put("imported.leftOut", String.join(", ", endNodes.leftOut()));
    }
    PixelNodes.suspicion(layers.input()).ifPresent(s -> known.put("imported.warning", s));
    return new QuantizedNetwork(name, network.input(), network.layers(), known);
  }

  /** The one input that is no initializer: {@code [N, C, H, W]} or {@code [N, F]}, N any. */
  private void image() {
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(v -> !initializers.containsKey(v.getName())).toList();
    Require.that(inputs.size() == 1, "it has %d inputs, not 1, the image", inputs.size());
    ValueInfoProto input = inputs.get(0);
    String name = Require.quote(input.getName());
    TypeProto.Tensor type = input.getType().getTensorType();
    int element = type.getElemType();
    Require.that(
        element == DataType.FLOAT_VALUE
            || element == DataType.UINT8_VALUE
            || element == DataType.INT8_VALUE,
        "its input %s is not float32, uint8 or int8 (data type %d)",
        name,
        element);
    int rank = type.getShape().getDimCount();
    Require.that(
        rank == 4 || rank == 2,
        "its input %s has %d dimensions; it must be [N, C, H, W] or [N, F]",
        name,
        rank);
    int[] sizes = new int[rank - 1];
    long product = 1;
    for (int i = 0; i < sizes.length; i++) {
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
    boolean integer = element != DataType.FLOAT_VALUE;
    int low = element == DataType.INT8_VALUE ? -128 : 0;
    boolean last = format.layout() == InputFormat.Layout.NHWC || readers.isTurned(input.getName());
    values.put(input.getName(), PixelNodes.input(sizes, integer, low, last, format));
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
    boolean standard = ModelReader.isStandard(proto.getDomain());
    boolean quant = QONNX.contains(proto.getDomain());
    Require.that(
        standard || quant || proto.getDomain().equals("com.microsoft"),
        "operators of domain %s are not supported; export QCDQ or QDQ with standard operators, or"
            + " QONNX",
        Require.quote(proto.getDomain()));
    Require.that(proto.getOutputCount() >= 1, "it has no output");
    List<Optional<Value>> inputs = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    for (String input : proto.getInputList()) {
      inputs.add(input.isEmpty() ? Optional.empty() : Optional.of(value(input)));
      counts.add(readers.count(input));
    }
    var node = new Node(proto, inputs, counts);
    Value result = hold(quant ? quantNodes.apply(node) : apply(node));
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
    if (node.has(0) && node.input(0) instanceof Answer answer) {
      return endNodes.after(node, answer);
    }
    if (EndNodes.isOne(node)) {
      return endNodes.first(node);
    }
    return switch (node.op()) {
      case "Constant" -> ConstantNodes.constant(node);
      case "QuantizeLinear" -> quantizers.quantize(node);
      case "DequantizeLinear" -> quantizers.dequantize(node);
      case "Clip" -> tensorNodes.clip(node);
      default -> node.isConstant() ? FoldingNodes.fold(node) : computed(node);
    };
  }

  private Value computed(Node node) {
    return switch (node.op()) {
      case "Identity" -> shapeNodes.same(node);
      case "Dropout" -> shapeNodes.dropout(node);
      case "Cast" -> quantizers.cast(node);
      case "Transpose" -> shapeNodes.transpose(node);
      case "Flatten" -> shapeNodes.flatten(node);
      case "Reshape" -> shapeNodes.reshape(node);
      case "Squeeze" -> shapeNodes.squeeze(node, false);
      case "Unsqueeze" -> shapeNodes.squeeze(node, true);
      case "Shape" -> ShapeNodes.shape(node);
      case "Conv" -> weightNodes.convolution(node);
      case "Gemm" -> weightNodes.gemm(node);
      case "MatMul" -> weightNodes.matrixProduct(node);
      case "BatchNormalization" -> weightNodes.normalization(node);
      case "Relu" -> tensorNodes.relu(node);
      case "Add", "Sub", "Mul", "Div" -> tensorNodes.arithmetic(node);
      case "Concat" -> tensorNodes.concat(node);
      case "MaxPool" -> poolNodes.maximum(node);
      case "AveragePool" -> poolNodes.average(node);
      case "GlobalAveragePool" -> poolNodes.globalAverage(node);
      case "ReduceMean" -> poolNodes.mean(node);
      case "Pad" -> poolNodes.pad(node);
      default -> {
        Require.that(
            node.op().startsWith("Q"), "it is not one of the supported operators: %s", SUPPORTED);
        yield operatorNodes.apply(node);
      }
    };
  }

  private void output() {
    String name = graph.getOutput(0).getName();
    Value value = values.get(name);
    Require.that(value != null, "nothing computes its output %s", Require.quote(name));
    Value scores = value instanceof Answer answer ? answer.scores() : value;
    if (scores instanceof Sums sums) {
      Require.that(readers.count(name) == 1, "its output %s is read", Require.quote(name));
      layers.logits(sums);
      return;
    }
    Value codes = scores instanceof Levels levels ? quantizers.codes(levels) : scores;
    boolean last =
        codes instanceof Codes c
            && c.position() == layers.layers().size() - 1
            && c.shape().height() * c.shape().width() == 1;
    Require.that(
        last && readers.count(name) == 1,
        "its output %s is %s; it must be what the last layer gives for each class, the logits or"
            + " codes of them, and read by nothing else",
        Require.quote(name),
        value.describe());
    outputStep = Optional.of(((Codes) codes).step());
  }
}
