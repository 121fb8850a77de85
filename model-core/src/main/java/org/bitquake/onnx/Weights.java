package org.bitquake.onnx;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.WeightCodes;

/**
 * Constant integers times a step: {@code step · (gain · code + offset)}.
 *
 * @param axis dimension along which steps and offsets differ; meaningless for one of each
 */
record Weights(int[] dims, byte[] codes, int bits, float[] step, int gain, int[] offset, int axis)
    implements Value {
  @Override
  public String describe() {
    return "dequantised weights";
  }

  @Override
  public long size() {
    return codes.length;
  }

  /** Rows and columns exchanged. */
  Weights transposed() {
    return transposed(1, 0);
  }

  /**
   * With the dimensions in another order.
   *
   * @param perm for each dimension, which it was
   */
  Weights transposed(int... perm) {
    int[] from = FoldingNodes.order(dims, perm);
    byte[] turned = new byte[codes.length];
    for (int i = 0; i < turned.length; i++) {
      turned[i] = codes[from[i]];
    }
    int[] sizes = Arrays.stream(perm).map(p -> dims[p]).toArray();
    int place = IntStream.range(0, perm.length).filter(d -> perm[d] == axis).findFirst().orElse(0);
    return new Weights(sizes, turned, bits, step, gain, offset, place);
  }

  /** A matrix whose columns, in the order H, W, C, are put in the order C, H, W. */
  Weights channelsFirst(Shape map) {
    byte[] turned = new byte[codes.length];
    int area = map.height() * map.width();
    for (int i = 0; i < codes.length; i++) {
      int column = i % map.size();
      int from = column % area * map.channels() + column / area;
      turned[i] = codes[i - column + from];
    }
    return new Weights(dims, turned, bits, step, gain, offset, axis);
  }

  /** As the integer graph wants them: output channels first, a step for all or for each. */
  WeightCodes weightCodes() {
    Require.that(
        (step.length == 1 && offset.length == 1) || axis == 0,
        "its weights have a step per input channel; per output channel is supported");
    return new WeightCodes(codes, bits, step, gain, offset);
  }

  /** The real numbers that they are. */
  Constant reals() {
    int inner = 1;
    for (int d = axis + 1; d < dims.length; d++) {
      inner *= Math.max(1, dims[d]);
    }
    float[] values = new float[codes.length];
    for (int i = 0; i < values.length; i++) {
      int k = i / inner;
      int w = gain * codes[i] + offset[k % offset.length];
      values[i] = step[k % step.length] * w;
    }
    return Constant.of(values, dims);
  }

  @Override
  public String toString() {
    return "weights " + Arrays.toString(dims);
  }
}
