package org.bitquake.onnx;

import java.util.Arrays;
import java.util.Optional;
import onnx.Onnx.AttributeProto.AttributeType;

/** Nodes whose inputs are all in the file: how exporters write weights, steps and shapes. */
final class ConstantNodes {
  private ConstantNodes() {}

  /** The Constant operator. */
  static Constant constant(Node node) {
    node.allow("value", "value_float", "value_int", "value_floats", "value_ints");
    var tensor = node.attribute("value", AttributeType.TENSOR);
    if (tensor.isPresent()) {
      return Constant.of(tensor.get().getT());
    }
    var real = node.attribute("value_float", AttributeType.FLOAT);
    if (real.isPresent()) {
      return Constant.of(new float[] {real.get().getF()});
    }
    var reals = node.attribute("value_floats", AttributeType.FLOATS);
    if (reals.isPresent()) {
      float[] values = new float[reals.get().getFloatsCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = reals.get().getFloats(i);
      }
      return Constant.of(values, values.length);
    }
    int[] values = node.integers("value_ints");
    if (values != null) {
      return integers(values, values.length);
    }
    Require.that(
        node.attribute("value_int", AttributeType.INT).isPresent(), "it has no value that is read");
    return integers(new int[] {node.integer("value_int", 0)});
  }

  private static Constant integers(int[] values, int... dims) {
    return Constant.of(values, Integer.MIN_VALUE, Integer.MAX_VALUE, dims);
  }

  /** QuantizeLinear of float weights: {@code saturate(round(w / step) + zero)}, in float32. */
  static Constant quantized(Node node, Constant weights) {
    float[] reals = weights.reals("the tensor it quantises");
    float[] step = steps(node, 1);
    int axis = axis(node, weights, step);
    Constant zero = node.has(2) ? node.constant(2, "zero point") : null;
    int low = zero == null ? 0 : zero.low();
    int high = zero == null ? 255 : zero.high();
    int[] zeros = zeros(node, weights, axis);
    Require.that(low >= -128 && high <= 255, "it quantises weights to more than 8 bits");
    int[] codes = new int[reals.length];
    int inner = inner(weights.dims(), axis);
    for (int i = 0; i < codes.length; i++) {
      float s = step[step.length == 1 ? 0 : i / inner % step.length];
      int z = zeros[zeros.length == 1 ? 0 : i / inner % zeros.length];
      double code = Math.rint(reals[i] / s) + z;
      Require.that(!Double.isNaN(code), "weight %d is not a number", i);
      codes[i] = (int) Math.max(low, Math.min(high, code));
    }
    return Constant.of(codes, low, high, weights.dims());
  }

  /** Clip of integers; the limits say how many bits they have. */
  static Constant clipped(Node node, Constant integers) {
    int[] codes = integers.integers("the tensor it clips").clone();
    int[] limits = limits(node, integers.low(), integers.high());
    for (int i = 0; i < codes.length; i++) {
      codes[i] = Math.max(limits[0], Math.min(limits[1], codes[i]));
    }
    return Constant.of(codes, limits[0], limits[1], integers.dims());
  }

  /** The limits of a Clip of integers, within those that there were. */
  static int[] limits(Node node, int low, int high) {
    node.allow();
    int least = node.has(1) ? single(node.constant(1, "minimum"), "minimum") : low;
    int most = node.has(2) ? single(node.constant(2, "maximum"), "maximum") : high;
    Require.that(least <= most, "it clips to %d…%d", least, most);
    return new int[] {Math.max(low, least), Math.min(high, most)};
  }

  static int single(Constant c, String what) {
    Require.that(c.length() == 1, "its %s has %d values; one is supported", what, c.length());
    return c.integers("its " + what)[0];
  }

  /** DequantizeLinear: 8-bit integers are weights, 32-bit ones a bias in real units. */
  static Value dequantized(Node node, Constant integers) {
    int[] values = integers.integers("the tensor it dequantises");
    float[] step = steps(node, 1);
    int axis = axis(node, integers, step);
    int[] zeros = zeros(node, integers, axis);
    if (integers.low() == Integer.MIN_VALUE) {
      Require.that(
          Arrays.stream(zeros).allMatch(z -> z == 0),
          "a bias has zero point %d; 0 is supported",
          zeros[0]);
      int inner = inner(integers.dims(), axis);
      float[] reals = new float[values.length];
      for (int i = 0; i < reals.length; i++) {
        reals[i] = values[i] * step[step.length == 1 ? 0 : i / inner % step.length];
      }
      return Constant.of(reals, integers.dims());
    }
    return weights(integers, step, zeros, axis);
  }

  /**
   * Integers that stand for {@code step · (value − zero)}, as weights: symmetric ones where their
   * range allows it, else unsigned ones with an offset.
   *
   * @param step one, or one for each position along the axis
   * @param zeros likewise
   */
  static Weights weights(Constant integers, float[] step, int[] zeros, int axis) {
    int[] values = integers.integers("its weights");
    int low = integers.low();
    int high = integers.high();
    Require.that(
        low >= -255 && high <= 255 && high - low <= 255, "its weights have more than 8 bits");
    for (int z : zeros) {
      Require.that(z >= low && z <= high, "its weights have the zero point %d, none of them", z);
    }
    byte[] codes = new byte[values.length];
    int bits = bits(low - zeros[0], high - zeros[0]);
    if (zeros.length == 1 && bits <= 8) {
      for (int i = 0; i < codes.length; i++) {
        codes[i] = (byte) (values[i] - zeros[0]);
      }
      return new Weights(integers.dims(), codes, bits, step, 1, new int[1], axis);
    }
    int cells = Math.max(2, Integer.SIZE - Integer.numberOfLeadingZeros(high - low));
    int half = 1 << (cells - 1);
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (values[i] - low - half);
    }
    int[] offset = Arrays.stream(zeros).map(z -> low + half - z).toArray();
    return new Weights(integers.dims(), codes, cells, step, 1, offset, axis);
  }

  /** The least bits whose two's complement holds this range; 9 or more for none. */
  private static int bits(int low, int high) {
    int bits = 2;
    while (bits <= 8 && (low < -(1 << (bits - 1)) || high > (1 << (bits - 1)) - 1)) {
      bits++;
    }
    return bits;
  }

  /** The zero points of weights: one, or one for each position along the axis. */
  private static int[] zeros(Node node, Constant tensor, int axis) {
    if (!node.has(2)) {
      return new int[1];
    }
    int[] zeros = node.constant(2, "zero point").integers("its zero point");
    Require.that(zeros.length > 0, "its zero point is empty");
    if (Arrays.stream(zeros).allMatch(z -> z == zeros[0])) {
      return new int[] {zeros[0]};
    }
    Require.that(
        axis < tensor.dims().length && tensor.dims()[axis] == zeros.length,
        "its %d zero points do not fit axis %d of a tensor %s",
        zeros.length,
        axis,
        Arrays.toString(tensor.dims()));
    return zeros;
  }

  static float[] steps(Node node, int index) {
    float[] step = node.constant(index, "step").reals("its step");
    Require.that(step.length > 0, "its step is empty");
    for (float s : step) {
      Require.that(Float.isFinite(s) && s > 0, "its step is %s; it must be above 0", s);
    }
    return step;
  }

  private static int axis(Node node, Constant tensor, float[] step) {
    int rank = tensor.dims().length;
    int axis = node.integer("axis", 1);
    axis = axis < 0 ? axis + rank : axis;
    if (step.length == 1) {
      return 0;
    }
    Require.that(
        axis >= 0 && axis < rank && tensor.dims()[axis] == step.length,
        "its %d steps do not fit axis %d of a tensor %s",
        step.length,
        axis,
        Arrays.toString(tensor.dims()));
    return axis;
  }

  /** Values between neighbours along the axis. */
  private static int inner(int[] dims, int axis) {
    int inner = 1;
    for (int d = axis + 1; d < dims.length; d++) {
      inner *= dims[d];
    }
    return Math.max(1, inner);
  }

  /** A zero point, which must be the same for all channels. */
  static int zero(Optional<Constant> given) {
    if (given.isEmpty()) {
      return 0;
    }
    int[] zeros = given.get().integers("its zero point");
    Require.that(zeros.length > 0, "its zero point is empty");
    for (int z : zeros) {
      Require.that(z == zeros[0], "its zero points differ between channels");
    }
    return zeros[0];
  }
}
