package org.bitquake.tflite;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bitquake.Text;

/**
 * A file's tensors and operators, as its schema names them.
 *
 * @see <a
 *     href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/lite/schema/schema.fbs">
 *     TensorFlow Lite's schema, version 3</a>
 */
record Model(List<Tensor> tensors, int[] inputs, int[] outputs, List<Operator> operators) {
  static final int MAX_PARTS = 100_000;
  static final int INT32 = 2;
  static final int UINT8 = 3;
  static final int INT8 = 9;
  static final int FLOAT32 = 0;
  private static final int VERSION = 3;

  private static final Map<Integer, String> TYPES =
      Map.of(
          0, "float32", 1, "float16", 2, "int32", 3, "uint8", 4, "int64", 6, "bool", 7, "int16", 9,
          "int8", 17, "int4");

  /**
   * A tensor.
   *
   * @param data its content, if it is a constant
   * @param step of the quantiser: none, one, or one for each channel
   */
  record Tensor(
      String name,
      int[] shape,
      int type,
      Optional<ByteBuffer> data,
      float[] step,
      long[] zero,
      int axis) {
    String typeName() {
      return TYPES.getOrDefault(type, "type " + type);
    }

    /** Whether it has 8-bit codes with one step and one zero point. */
    boolean isCodes() {
      return (type == INT8 || type == UINT8) && step.length == 1 && zero.length <= 1;
    }

    int low() {
      return type == INT8 ? -128 : 0;
    }

    int zeroPoint() {
      return zero.length == 0 ? 0 : Math.toIntExact(zero[0]);
    }

    long elements() {
      long n = 1;
      for (int d : shape) {
        n = Math.multiplyExact(n, (long) Math.max(1, d));
      }
      return n;
    }
  }

  /**
   * An operator.
   *
   * @param code of its kind, {@link Kind}
   * @param inputs positions of tensors; −1 for one left out
   */
  record Operator(
      int position, int code, int[] inputs, int[] outputs, Optional<FlatTable> options) {
    /** What people call it. */
    String title() {
      return Text.of("operator %d, %s", position, Kind.name(code));
    }
  }

  static void require(boolean ok, String format, Object... arguments) {
    if (!ok) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, format, arguments));
    }
  }

  static Model parse(byte[] file) {
    require(
        file.length >= 8 && file[4] == 'T' && file[5] == 'F' && file[6] == 'L' && file[7] == '3',
        "it is not a TensorFlow Lite file (TFL3)");
    FlatTable root = FlatTable.root(file);
    require(
        root.integer(0, 0) == VERSION,
        "it is of version %d; version %d is read",
        root.integer(0, 0),
        VERSION);
    List<FlatTable> graphs = root.tables(2);
    require(graphs.size() == 1, "it has %d graphs; one is supported", graphs.size());
    FlatTable graph = graphs.get(0);
    List<FlatTable> buffers = root.tables(4);
    List<Tensor> tensors = new ArrayList<>();
    for (FlatTable tensor : graph.tables(0)) {
      require(tensors.size() < MAX_PARTS, "it has more than %d tensors", MAX_PARTS);
      tensors.add(tensor(tensor, buffers));
    }
    List<FlatTable> codes = root.tables(1);
    List<Operator> operators = new ArrayList<>();
    for (FlatTable operator : graph.tables(3)) {
      require(operators.size() < MAX_PARTS, "it has more than %d operators", MAX_PARTS);
      operators.add(operator(operators.size(), operator, codes, tensors.size()));
    }
    int[] inputs = graph.integers(1);
    int[] outputs = graph.integers(2);
    requirePositions(inputs, 0, tensors.size());
    requirePositions(outputs, 0, tensors.size());
    return new Model(tensors, inputs, outputs, operators);
  }

  private static Tensor tensor(FlatTable tensor, List<FlatTable> buffers) {
    String name = tensor.text(3);
    int buffer = tensor.integer(2, 0);
    require(
        buffer >= 0 && buffer < Math.max(1, buffers.size()),
        "tensor %s: its buffer %d is none of %d",
        name,
        buffer,
        buffers.size());
    Optional<ByteBuffer> data = Optional.empty();
    if (buffer > 0) {
      FlatTable content = buffers.get(buffer);
      require(
          content.longInteger(1) <= 1,
          "tensor %s: its content lies behind the model (a file above 2 GB), which is not read",
          name);
      data = Optional.of(content.vector(0, 1)).filter(ByteBuffer::hasRemaining);
    }
    int[] shape = tensor.integers(0);
    require(shape.length <= 8, "tensor %s has %d dimensions", name, shape.length);
    Optional<FlatTable> quantization = tensor.table(4);
    float[] step = quantization.map(q -> q.floats(2)).orElse(new float[0]);
    for (float s : step) {
      require(
          Float.isFinite(s) && s > 0, "tensor %s: its scale is %s; it must be above 0", name, s);
    }
    return new Tensor(
        name,
        shape,
        tensor.unsignedByte(1),
        data,
        step,
        quantization.map(q -> q.longs(3)).orElse(new long[0]),
        quantization.map(q -> q.integer(6, 0)).orElse(0));
  }

  private static Operator operator(
      int position, FlatTable operator, List<FlatTable> codes, int tensors) {
    int index = operator.integer(0, 0);
    require(
        index >= 0 && index < codes.size(),
        "operator %d: its kind %d is none of %d",
        position,
        index,
        codes.size());
    FlatTable code = codes.get(index);
    int kind = Math.max(code.unsignedByte(0) & 0x7f, code.integer(3, 0));
    int[] inputs = operator.integers(1);
    int[] outputs = operator.integers(2);
    requirePositions(inputs, -1, tensors);
    requirePositions(outputs, 0, tensors);
    return new Operator(position, kind, inputs, outputs, operator.table(4));
  }

  private static void requirePositions(int[] positions, int least, int tensors) {
    for (int p : positions) {
      require(p >= least && p < tensors, "there is no tensor %d of %d", p, tensors);
    }
  }
}
