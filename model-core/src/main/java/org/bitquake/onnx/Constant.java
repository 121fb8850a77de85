package org.bitquake.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;

/**
 * A tensor that the file holds. Either {@code floats} or {@code ints} is there.
 *
 * @param low smallest value that the type, or a Clip, allows; for integers
 * @param high largest value that the type, or a Clip, allows; for integers
 */
record Constant(int[] dims, float[] floats, int[] ints, int low, int high) implements Value {
  @Override
  public String describe() {
    return "a constant";
  }

  @Override
  public long size() {
    return length();
  }

  private static final int MAX_RANK = 8;
  private static final int UINT4 = 21;
  private static final int INT4 = 22;

  static Constant of(float[] values, int... dims) {
    return new Constant(dims, values, null, 0, 0);
  }

  static Constant of(int[] values, int low, int high, int... dims) {
    return new Constant(dims, null, values, low, high);
  }

  /**
   * Reads a tensor; its data must be in the file and as long as its shape says, before anything of
   * that length is allocated.
   */
  static Constant of(TensorProto tensor) {
    Require.that(
        !SideFiles.has(tensor),
        "tensor %s keeps its data in another file; save the model in one file",
        Require.quote(tensor.getName()));
    int[] dims = dims(tensor);
    int count = count(dims);
    int type = tensor.getDataType();
    return switch (type) {
      case DataType.FLOAT_VALUE -> of(floats(tensor, count), dims);
      case DataType.UINT8_VALUE -> of(bytes(tensor, count, b -> b & 0xff), 0, 255, dims);
      case DataType.INT8_VALUE -> of(bytes(tensor, count, b -> (byte) b), -128, 127, dims);
      case UINT4 -> of(nibbles(tensor, count, n -> n), 0, 15, dims);
      case INT4 -> of(nibbles(tensor, count, n -> n << 28 >> 28), -8, 7, dims);
      case DataType.INT32_VALUE ->
          of(ints(tensor, count), Integer.MIN_VALUE, Integer.MAX_VALUE, dims);
      case DataType.INT64_VALUE ->
          of(longs(tensor, count), Integer.MIN_VALUE, Integer.MAX_VALUE, dims);
      default ->
          throw Require.no(
              "tensor %s has data type %d; float32, integers of 4 and 8 bits, int32 and int64 are read",
              Require.quote(tensor.getName()), type);
    };
  }

  private static int[] dims(TensorProto tensor) {
    Require.that(
        tensor.getDimsCount() <= MAX_RANK,
        "tensor %s has %d dimensions",
        Require.quote(tensor.getName()),
        tensor.getDimsCount());
    int[] dims = new int[tensor.getDimsCount()];
    for (int i = 0; i < dims.length; i++) {
      long d = tensor.getDims(i);
      Require.that(
          d >= 0 && d <= OnnxFile.MAX_BYTES,
          "tensor %s has a dimension of %d",
          Require.quote(tensor.getName()),
          d);
      dims[i] = (int) d;
    }
    return dims;
  }

  private static int count(int[] dims) {
    long count = 1;
    for (int d : dims) {
      count *= d;
      Require.that(count <= OnnxFile.MAX_BYTES, "a tensor has more than %d values", count - 1);
    }
    return (int) count;
  }

  /** The raw data if that is how the tensor stores them. */
  private static ByteBuffer raw(TensorProto tensor, int count, int size, int listed) {
    boolean isRaw = !tensor.getRawData().isEmpty();
    long found = isRaw ? tensor.getRawData().size() : (long) listed * size;
    Require.that(
        found == (long) count * size,
        "tensor %s holds %d bytes of data, but its shape needs %d",
        Require.quote(tensor.getName()),
        found,
        (long) count * size);
    return isRaw ? tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN) : null;
  }

  private static float[] floats(TensorProto tensor, int count) {
    ByteBuffer raw = raw(tensor, count, 4, tensor.getFloatDataCount());
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = raw == null ? tensor.getFloatData(i) : raw.getFloat();
    }
    return values;
  }

  private static int[] bytes(TensorProto tensor, int count, IntUnaryOperator widen) {
    ByteBuffer raw = raw(tensor, count, 1, tensor.getInt32DataCount());
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = widen.applyAsInt(raw == null ? tensor.getInt32Data(i) : raw.get());
    }
    return values;
  }

  /** Two in a byte, the first in its lower half. */
  private static int[] nibbles(TensorProto tensor, int count, IntUnaryOperator widen) {
    int[] pairs = bytes(tensor, (count + 1) / 2, b -> b & 0xff);
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = widen.applyAsInt((pairs[i / 2] >> (i % 2 * 4)) & 0xf);
    }
    return values;
  }

  private static int[] ints(TensorProto tensor, int count) {
    ByteBuffer raw = raw(tensor, count, 4, tensor.getInt32DataCount());
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = raw == null ? tensor.getInt32Data(i) : raw.getInt();
    }
    return values;
  }

  private static int[] longs(TensorProto tensor, int count) {
    ByteBuffer raw = raw(tensor, count, 8, tensor.getInt64DataCount());
    int[] values = new int[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.toIntExact(raw == null ? tensor.getInt64Data(i) : raw.getLong());
    }
    return values;
  }

  int length() {
    return floats == null ? ints.length : floats.length;
  }

  boolean isFloat() {
    return floats != null;
  }

  /** The same values with other dimensions. */
  Constant reshaped(int... newDims) {
    Require.that(
        newDims.length <= MAX_RANK
            && Arrays.stream(newDims).allMatch(d -> d >= 0)
            && count(newDims) == length(),
        "%d values do not fit the shape %s",
        length(),
        Arrays.toString(newDims));
    return new Constant(newDims, floats, ints, low, high);
  }

  /** Some of the values, by position. */
  Constant picked(int[] from, int... newDims) {
    if (floats != null) {
      float[] values = new float[from.length];
      for (int i = 0; i < from.length; i++) {
        values[i] = floats[from[i]];
      }
      return of(values, newDims);
    }
    int[] values = Arrays.stream(from).map(i -> ints[i]).toArray();
    return of(values, low, high, newDims);
  }

  /** The values, of which there must be integers. */
  int[] integers(String what) {
    Require.that(ints != null, "%s is not of integers", what);
    return ints;
  }

  /** The values, which must be float32. */
  float[] reals(String what) {
    Require.that(floats != null, "%s is not of float32", what);
    return floats;
  }

  /** The only value. */
  float real(String what) {
    Require.that(length() == 1, "%s has %d values; one is supported", what, length());
    return reals(what)[0];
  }
}
