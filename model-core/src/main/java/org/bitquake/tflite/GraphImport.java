package org.bitquake.tflite;

import static org.bitquake.tflite.Model.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Input;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Window;
import org.bitquake.tflite.Model.Operator;
import org.bitquake.tflite.Model.Tensor;

/**
 * Makes layers of operators. Tensors there are {@code [1, H, W, C]} with channels innermost, here
 * {@code [C, H, W]}; arithmetic is that of the integer contract in float32, where TensorFlow Lite
 * has fixed-point numbers of 31 bits, so a code may differ by 1 near a tie.
 */
final class GraphImport {
  private final Model model;
  private final String name;
  private final List<Layer> layers = new ArrayList<>();
  private final Map<Integer, Value> values = new HashMap<>();
  private final List<String> leftOut = new ArrayList<>();
  private final WeightedLayers weighted = new WeightedLayers(this);
  private Input input;

  /**
   * A tensor that has been computed.
   *
   * @param position of the layer that writes it
   * @param shape {@code [C, H, W]}
   * @param flat whether it is a vector now, of the map's values with channels innermost
   * @param codes what its codes are
   */
  record Value(int position, Shape shape, boolean flat, Activation codes) {}

  private GraphImport(Model model, String name) {
    this.model = model;
    this.name = name;
  }

  static QuantizedNetwork network(Model model, String name, Map<String, String> provenance) {
    return new GraphImport(model, name).network(provenance);
  }

  private QuantizedNetwork network(Map<String, String> provenance) {
    require(
        model.inputs().length == 1 && model.outputs().length == 1,
        "it has %d inputs and %d outputs; one of each is supported",
        model.inputs().length,
        model.outputs().length);
    readInput();
    for (Operator operator : model.operators()) {
      try {
        take(operator);
      } catch (IllegalArgumentException e) {
        String message = e.getMessage();
        throw message.startsWith("operator ")
            ? e
            : new IllegalArgumentException(operator.title() + ": " + message, e);
      }
    }
    Value last = values.get(model.outputs()[0]);
    require(last != null, "nothing computes its output, tensor %d", model.outputs()[0]);
    require(
        last.position() == layers.size() - 1, "its output is not what its last operator computes");
    if (!leftOut.isEmpty()) {
      provenance.put("imported.leftOut", String.join(", ", leftOut));
    }
    return new QuantizedNetwork(name, input, layers, provenance);
  }

  private void readInput() {
    int position = model.inputs()[0];
    Tensor tensor = model.tensors().get(position);
    int first = position;
    for (Operator operator : model.operators()) {
      if (Kind.of(operator.code()).equals(Optional.of(Kind.QUANTIZE))
          && operator.inputs().length == 1
          && operator.inputs()[0] == position) {
        first = operator.outputs()[0];
        leftOut.add("QUANTIZE of the input");
      }
    }
    Tensor codes = model.tensors().get(first);
    require(
        codes.isCodes(),
        "its input is %s of %s; 8-bit integers with one scale and one zero point are supported",
        tensor.typeName(),
        Arrays.toString(tensor.shape()));
    Activation activation = TensorForms.codes(codes, 0);
    Shape shape = TensorForms.shape(codes);
    input = new Input(shape, activation, new byte[0][]);
    var value = new Value(QuantizedNetwork.INPUT, shape, codes.shape().length == 2, activation);
    values.put(first, value);
  }

  private void take(Operator operator) {
    Optional<Kind> kind = Kind.of(operator.code());
    require(kind.isPresent(), "it cannot be part of an integer network here");
    require(operator.outputs().length == 1, "it has %d outputs", operator.outputs().length);
    int output = operator.outputs()[0];
    if (values.containsKey(output) && kind.get() == Kind.QUANTIZE) {
      return; // the input's
    }
    require(!values.containsKey(output), "tensor %d is computed twice", output);
    values.put(output, value(kind.get(), operator));
  }

  private Value value(Kind kind, Operator operator) {
    return switch (kind) {
      case CONV_2D -> weighted.convolution(operator);
      case DEPTHWISE_CONV_2D -> weighted.depthwise(operator);
      case FULLY_CONNECTED -> weighted.dense(operator);
      case MAX_POOL_2D -> maxPool(operator);
      case AVERAGE_POOL_2D -> averagePool(operator);
      case MEAN -> mean(operator);
      case ADD -> add(operator);
      case CONCATENATION -> concatenation(operator);
      case PAD -> pad(operator);
      case QUANTIZE -> requantise(operator);
      case RELU -> clip(operator, 1);
      case RELU_N1_TO_1 -> clip(operator, 2);
      case RELU6 -> clip(operator, 3);
      case RESHAPE, SQUEEZE, EXPAND_DIMS -> reshape(operator);
      case SOFTMAX, LOG_SOFTMAX, LOGISTIC, DEQUANTIZE, ARG_MAX -> end(operator);
    };
  }

  Value operand(Operator operator, int index) {
    require(operator.inputs().length > index, "its input %d is missing", index);
    Value value = values.get(operator.inputs()[index]);
    require(
        value != null,
        "its input %d, tensor %d, is not computed by an earlier operator",
        index,
        operator.inputs()[index]);
    return value;
  }

  Value map(Operator operator, int index) {
    Value value = operand(operator, index);
    require(
        !value.flat() || value.shape().height() * value.shape().width() == 1,
        "it reads a vector as a map");
    return value;
  }

  Tensor constant(Operator operator, int index, String what) {
    require(
        operator.inputs().length > index && operator.inputs()[index] >= 0,
        "its %s is missing",
        what);
    Tensor tensor = model.tensors().get(operator.inputs()[index]);
    require(tensor.data().isPresent(), "its %s, tensor %s, is no constant", what, tensor.name());
    return tensor;
  }

  Tensor written(Operator operator) {
    return model.tensors().get(operator.outputs()[0]);
  }

  static FlatTable options(Operator operator) {
    return operator
        .options()
        .orElseThrow(() -> new IllegalArgumentException("its options are missing"));
  }

  Value written(Layer layer, Activation codes) {
    layers.add(layer);
    return new Value(layers.size() - 1, layer.outputShape(), false, codes);
  }

  String name(String kind, Operator operator) {
    return kind + operator.position();
  }

  private Window pool(Operator operator, Value in) {
    FlatTable options = options(operator);
    return Windows.of(
        options.unsignedByte(0),
        new int[] {options.integer(4, 0), options.integer(3, 0)},
        new int[] {options.integer(2, 0), options.integer(1, 0)},
        new int[] {1, 1},
        in.shape());
  }

  private Value maxPool(Operator operator) {
    Value in = map(operator, 0);
    Tensor out = written(operator);
    Activation codes = TensorForms.codes(out, 0);
    require(
        options(operator).unsignedByte(5) == 0 || in.codes().zero() == 0,
        "it has a fused activation");
    requireSame(in, out);
    var layer = new MaxPool(name("max", operator), in.position(), in.shape(), pool(operator, in));
    require(codes.step() == in.codes().step(), "it changes the scale");
    return written(layer, in.codes());
  }

  private static void requireSame(Value in, Tensor out) {
    int zero = in.codes().zero() + in.codes().base();
    require(
        out.isCodes() && out.step()[0] == in.codes().step() && out.zeroPoint() == zero,
        "its output %s has another scale or zero point than its input",
        out.name());
  }

  private Value averagePool(Operator operator) {
    Value in = map(operator, 0);
    Activation out = TensorForms.codes(written(operator), options(operator).unsignedByte(5));
    return average(operator, in, pool(operator, in), out);
  }

  private Value average(Operator operator, Value in, Window window, Activation out) {
    float ratio = (float) ((double) in.codes().step() / out.step());
    String layer = name("average", operator);
    return written(
        new AveragePool(layer, in.position(), in.shape(), window, false, ratio, out), out);
  }

  /** The mean over height and width alone. */
  private Value mean(Operator operator) {
    Value in = map(operator, 0);
    int[] axes = Weights.integers(constant(operator, 1, "axes"));
    Set<Integer> positive = new HashSet<>();
    Arrays.stream(axes).map(a -> a < 0 ? a + 4 : a).forEach(positive::add);
    require(
        positive.equals(Set.of(1, 2)),
        "it averages over the axes %s; height and width, 1 and 2, are supported",
        Arrays.toString(axes));
    Activation out = TensorForms.codes(written(operator), 0);
    Shape map = in.shape();
    Value result = average(operator, in, Window.square(map.height(), map.width(), 1, 0), out);
    return new Value(result.position(), result.shape(), true, out);
  }

  private Value add(Operator operator) {
    Value a = operand(operator, 0);
    Value b = operand(operator, 1);
    require(
        a.shape().equals(b.shape()) && a.flat() == b.flat(),
        "it adds %s and %s; only equal shapes are supported",
        a.shape(),
        b.shape());
    Activation out = TensorForms.codes(written(operator), options(operator).unsignedByte(0));
    var layer =
        new Add(
            name("add", operator),
            a.position(),
            a.shape(),
            (float) ((double) a.codes().step() / out.step()),
            b.position(),
            (float) ((double) b.codes().step() / out.step()),
            out);
    Value sum = written(layer, out);
    return new Value(sum.position(), sum.shape(), a.flat(), out);
  }

  private Value concatenation(Operator operator) {
    FlatTable options = options(operator);
    List<Value> parts = new ArrayList<>();
    for (int i = 0; i < operator.inputs().length; i++) {
      parts.add(operand(operator, i));
    }
    require(!parts.isEmpty(), "it has no inputs");
    boolean maps = parts.stream().noneMatch(Value::flat);
    boolean vectors = parts.stream().allMatch(p -> p.shape().height() * p.shape().width() == 1);
    int rank = written(operator).shape().length;
    int axis = options.integer(0, 0);
    require(
        (maps || vectors) && (axis == rank - 1 || axis == -1),
        "it joins along axis %d of %d; channels, the last, are supported",
        axis,
        rank);
    Activation out = TensorForms.codes(written(operator), options.unsignedByte(1));
    return concat(name("concat", operator), parts, out);
  }

  private Value concat(String layer, List<Value> parts, Activation out) {
    var made =
        new Concat(
            layer,
            parts.stream().map(Value::position).toList(),
            parts.stream().map(Value::shape).toList(),
            parts.stream().map(p -> (float) ((double) p.codes().step() / out.step())).toList(),
            out);
    Value joined = written(made, out);
    return new Value(joined.position(), joined.shape(), parts.get(0).flat(), out);
  }

  private Value pad(Operator operator) {
    Value in = map(operator, 0);
    requireSame(in, written(operator));
    int[] p = Weights.integers(constant(operator, 1, "paddings"));
    require(
        p.length == 8 && p[0] == 0 && p[1] == 0 && p[6] == 0 && p[7] == 0,
        "its paddings are %s; height and width of [1, H, W, C] are supported",
        Arrays.toString(p));
    var layer = new Pad(name("pad", operator), in.position(), in.shape(), p[2], p[4], p[3], p[5]);
    return written(layer, in.codes());
  }

  private Value requantise(Operator operator) {
    Value in = operand(operator, 0);
    return concat(
        name("requantise", operator), List.of(in), TensorForms.codes(written(operator), 0));
  }

  private Value clip(Operator operator, int activation) {
    Value in = operand(operator, 0);
    return concat(
        name("clip", operator), List.of(in), TensorForms.codes(written(operator), activation));
  }

  /** Of the input, any; of others, to a vector, or to the same map. */
  private Value reshape(Operator operator) {
    Value in = operand(operator, 0);
    Tensor tensor = written(operator);
    requireSame(in, tensor);
    Shape shape = TensorForms.shape(tensor);
    require(
        shape.size() == in.shape().size(),
        "it makes %s of %s, which has another number of values",
        shape,
        in.shape());
    if (shape.equals(in.shape())) {
      return new Value(in.position(), shape, false, in.codes());
    }
    if (tensor.shape().length == 2) {
      return new Value(in.position(), in.shape(), true, in.codes());
    }
    require(
        in.position() == QuantizedNetwork.INPUT && layers.isEmpty() && shape.channels() == 1,
        "it makes a map of %s of %s; that is supported for an input of one channel alone",
        shape,
        in.shape());
    input = new Input(shape, input.codes(), input.tables());
    return new Value(QuantizedNetwork.INPUT, shape, false, in.codes());
  }

  /** What follows the logits and keeps their order. */
  private Value end(Operator operator) {
    int output = operator.outputs()[0];
    boolean isRead =
        model.operators().stream()
            .filter(o -> Kind.of(o.code()).filter(Kind.DEQUANTIZE::equals).isEmpty())
            .flatMapToInt(o -> Arrays.stream(o.inputs()))
            .anyMatch(i -> i == output);
    require(!isRead, "it is supported at the very end alone");
    leftOut.add(Kind.name(operator.code()));
    return operand(operator, 0);
  }
}
