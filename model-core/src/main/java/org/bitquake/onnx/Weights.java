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

  /** All of them plus a multiple of half a step, a power of two so that the sums are exact. */
  Weights plus(float constant) {
    requirePowerOfTwo();
    double halves = 2 * (double) constant / step[0];
    Require.that(
        halves == Math.rint(halves) && Math.abs(halves) < 1 << Byte.SIZE,
        "it adds %s to weights of step %s; a multiple of half of it is supported",
        constant,
        step[0]);
    int twice = (int) halves;
    if (twice % 2 == 0) {
      int[] moved = Arrays.stream(offset).map(o -> o + twice / 2).toArray();
      return new Weights(dims, codes, bits, step, gain, moved, axis);
    }
    Require.that(gain == 1, "it adds half a step to weights that are in half steps already");
    int[] moved = Arrays.stream(offset).map(o -> 2 * o + twice).toArray();
    return new Weights(dims, codes, bits, new float[] {step[0] / 2}, 2, moved, axis);
  }

  /** All of them times a number above 0; their step is a power of two, so there is one rounding. */
  Weights times(float constant) {
    requirePowerOfTwo();
    Require.that(
        Float.isFinite(constant) && constant > 0,
        "it multiplies weights by %s; it must be above 0",
        constant);
    return new Weights(dims, codes, bits, new float[] {step[0] * constant}, gain, offset, axis);
  }

  private void requirePowerOfTwo() {
    Require.that(
        step.length == 1 && step[0] == Math.scalb(1f, Math.getExponent(step[0])),
        "it computes with weights whose step is not a power of two; that is supported before a"
            + " product alone");
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
