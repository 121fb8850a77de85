package org.bitquake.onnx;

import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Affine;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;

/** What an edge of the ONNX graph carries, in terms of the integer graph. */
sealed interface Value
    permits Constant, Value.Weights, Value.Image, Value.Codes, Value.Levels, Value.Sums {
  /** What it is, for messages. */
  String describe();

  /** Numbers that it holds, roughly. */
  default long size() {
    return 1;
  }

  /**
   * Constant integers times a step: weights.
   *
   * @param axis dimension along which steps differ; meaningless for one step
   */
  record Weights(int[] dims, byte[] codes, int bits, float[] step, int axis) implements Value {
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
      Require.that(dims.length == 2, "weights of %d dimensions cannot be transposed", dims.length);
      byte[] turned = new byte[codes.length];
      for (int r = 0; r < dims[0]; r++) {
        for (int c = 0; c < dims[1]; c++) {
          turned[c * dims[0] + r] = codes[r * dims[1] + c];
        }
      }
      return new Weights(new int[] {dims[1], dims[0]}, turned, bits, step, 1 - axis);
    }

    /** As the integer graph wants them: output channels first, a step for all or for each. */
    WeightCodes weightCodes() {
      Require.that(
          step.length == 1 || axis == 0,
          "its weights have a step per input channel; per output channel is supported");
      return new WeightCodes(codes, bits, step);
    }
  }

  /**
   * The graph's input.
   *
   * @param bytes true if it takes the pixels themselves, false for pixels / 255 in float32
   */
  record Image(Shape shape, boolean bytes) implements Value {
    @Override
    public String describe() {
      return "the image";
    }
  }

  /**
   * What a layer of the integer graph writes: {@code real = step · (code − offset)}.
   *
   * @param max largest code
   * @param flat true for {@code [N, C·H·W]} in ONNX, false for {@code [N, C, H, W]}
   */
  record Codes(int position, Shape shape, double step, int offset, int max, boolean flat)
      implements Value {
    @Override
    public String describe() {
      return "quantised activations";
    }

    Codes flat(boolean isFlat) {
      return new Codes(position, shape, step, offset, max, isFlat);
    }

    Codes at(int newPosition, Shape newShape) {
      return new Codes(newPosition, newShape, step, offset, max, flat);
    }
  }

  /** How a QuantizeLinear, and Clips after it, make integers of reals. */
  record Quantizer(float step, int zero, int low, int high) {}

  /**
   * What QuantizeLinear writes, before DequantizeLinear makes a layer of it.
   *
   * @param source {@link Sums}, {@link Codes} or {@link Image}
   */
  record Levels(Value source, Quantizer quantizer) implements Value {
    @Override
    public String describe() {
      return "activations as integers";
    }
  }

  /** A layer with weights that has no output codes yet. */
  record Stem(String name, Codes input, Geometry geometry, WeightCodes weights) {}

  /** Max pooling that came before the quantiser; it may as well come after. */
  record Pool(String name, int size, int stride) {}

  /**
   * A layer's results in float: the affine function of its accumulators, plus an addend, rectified.
   *
   * @param addend codes added last
   * @param rectified whether a Relu followed
   * @param cap upper limit of a Clip, or infinity
   * @param pools max poolings that followed
   * @param shape after pooling
   */
  record Sums(
      Stem stem,
      Affine affine,
      Optional<Codes> addend,
      boolean rectified,
      float cap,
      List<Pool> pools,
      Shape shape,
      boolean flat)
      implements Value {
    @Override
    public String describe() {
      return "sums that are not quantised";
    }

    @Override
    public long size() {
      return 8L * affine.channels() + pools.size();
    }

    /** True while biases and normalisation still fold into the layer. */
    boolean isOpen() {
      return addend.isEmpty() && !rectified && cap == Float.POSITIVE_INFINITY && pools.isEmpty();
    }

    Sums with(Affine folded) {
      Require.that(
          isOpen(), "it follows an addition, an activation or a pooling and cannot be folded");
      return new Sums(stem, folded, addend, rectified, cap, pools, shape, flat);
    }

    Sums plus(Codes codes) {
      Require.that(
          isOpen(), "a layer can add one tensor of codes, before its activation and pooling");
      return new Sums(stem, affine, Optional.of(codes), rectified, cap, pools, shape, flat);
    }

    Sums clipped(float most) {
      return new Sums(stem, affine, addend, true, Math.min(cap, most), pools, shape, flat);
    }

    Sums pooled(List<Pool> all, Shape newShape) {
      return new Sums(stem, affine, addend, rectified, cap, List.copyOf(all), newShape, flat);
    }

    Sums flat(boolean isFlat) {
      return new Sums(stem, affine, addend, rectified, cap, pools, shape, isFlat);
    }
  }
}
