package org.bitquake.tflite;

import static org.bitquake.tflite.Model.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.tflite.Model.Tensor;

/** Constants of an operator. */
final class Weights {
  private Weights() {}

  /**
   * The weights of a layer, from {@code [outC, kH, kW, inC]} (or {@code [outC, values]}), or with
   * the channels last, {@code [1, kH, kW, outC]}, for depthwise ones.
   *
   * @param axis of the output channels: 0 or 3
   */
  static WeightCodes of(Tensor tensor, Geometry geometry, Shape map, int axis) {
    require(
        tensor.type() == Model.INT8 || tensor.type() == Model.UINT8,
        "its filter is %s; 8-bit integers are supported",
        tensor.typeName());
    int out = geometry.outChannels();
    require(
        tensor.step().length == 1 || (tensor.step().length == out && tensor.axis() == axis),
        "its filter has %d scales along axis %d for %d output channels",
        tensor.step().length,
        tensor.axis(),
        out);
    ByteBuffer data = content(tensor, 1);
    int perGroup = map.channels() / geometry.groups();
    int kernel = geometry.window().taps();
    boolean unsigned = tensor.type() == Model.UINT8;
    byte[] codes = new byte[data.remaining()];
    for (int o = 0; o < out; o++) {
      for (int c = 0; c < perGroup; c++) {
        for (int k = 0; k < kernel; k++) {
          int from = axis == 3 ? k * out + o : (o * kernel + k) * perGroup + c;
          int code = data.get(from);
          codes[(o * perGroup + c) * kernel + k] = (byte) (unsigned ? (code & 0xff) - 128 : code);
        }
      }
    }
    return new WeightCodes(codes, 8, tensor.step(), 1, offsets(tensor, unsigned, out));
  }

  private static int[] offsets(Tensor tensor, boolean unsigned, int out) {
    long[] zero = tensor.zero();
    require(
        zero.length <= 1 || zero.length == out,
        "its filter has %d zero points for %d output channels",
        zero.length,
        out);
    int[] offset = new int[Math.max(1, zero.length)];
    for (int i = 0; i < offset.length; i++) {
      offset[i] = Math.toIntExact((unsigned ? 128 : 0) - (zero.length == 0 ? 0 : zero[i]));
    }
    return Arrays.stream(offset).allMatch(o -> o == offset[0]) ? new int[] {offset[0]} : offset;
  }

  /**
   * A bias in accumulator units.
   *
   * @param unit real value of an accumulator's unit, per channel
   */
  static float[] bias(Tensor tensor, double[] unit) {
    int[] values = integers(tensor);
    require(
        values.length == unit.length,
        "its bias has %d values for %d output channels",
        values.length,
        unit.length);
    require(
        tensor.step().length == 0
            || tensor.step().length == 1
            || tensor.step().length == values.length,
        "its bias has %d scales",
        tensor.step().length);
    require(
        Arrays.stream(tensor.zero()).allMatch(z -> z == 0),
        "its bias has a zero point other than 0");
    float[] bias = new float[values.length];
    for (int c = 0; c < bias.length; c++) {
      // A scale that is the product of the others, as it should be, says nothing.
      float step = tensor.step().length == 0 ? 0 : tensor.step()[tensor.step().length == 1 ? 0 : c];
      boolean same = step == 0 || Math.abs(step / unit[c] - 1) < 1e-5;
      bias[c] = (float) (same ? values[c] : values[c] * (step / unit[c]));
    }
    return bias;
  }

  /** The values of a constant of 32-bit integers. */
  static int[] integers(Tensor tensor) {
    require(
        tensor.type() == Model.INT32,
        "tensor %s is %s; int32 is supported there",
        tensor.name(),
        tensor.typeName());
    ByteBuffer data = content(tensor, Integer.BYTES);
    int[] values = new int[data.remaining() / Integer.BYTES];
    data.asIntBuffer().get(values);
    return values;
  }

  private static ByteBuffer content(Tensor tensor, int elementBytes) {
    ByteBuffer data = tensor.data().orElseThrow().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long expected = Math.multiplyExact(tensor.elements(), (long) elementBytes);
    require(
        data.remaining() == expected,
        "tensor %s holds %d bytes; its shape %s needs %d",
        tensor.name(),
        data.remaining(),
        Arrays.toString(tensor.shape()),
        expected);
    return data;
  }
}
