package org.bitquake.network;

import java.util.Optional;
import org.bitquake.data.Shape;

/**
 * A layer with weights: a convolution, or a fully connected layer as the convolution whose kernel
 * covers its whole input.
 *
 * <p>{@code acc = Σ w·a} in int32; then in float32, in this order, {@code y = ((float) acc +
 * bias[c]) · scale[c]}, then {@code y = fma(ratio, residual code, y)} if there is a residual, then
 * {@code code = rint(clip(y, 0, 2^b − 1))}, half to even. The last layer has no activation and its
 * {@code y} are the logits.
 *
 * <p>The arrays are copied in; those that accessors return are the record's own and not to be
 * written to. Records with arrays compare by identity of the arrays: compare networks by {@link
 * QuantizedNetwork#contentHash()}.
 *
 * @param geometry kernel, stride, padding, groups
 * @param weights the weight codes, {@code [outC, inC / groups, kH, kW]}
 * @param bias per output channel, in accumulator units
 * @param scale per output channel; may be negative
 * @param residual a second operand added before rounding
 * @param activation the unsigned codes written; empty for the layer that gives the logits
 */
public record Convolution(
    String name,
    int input,
    Shape inputShape,
    Geometry geometry,
    WeightCodes weights,
    float[] bias,
    float[] scale,
    Optional<Residual> residual,
    Optional<Activation> activation)
    implements Layer {

  /** Square padding with code 0 on all sides; {@code groups} divides both channel counts. */
  public record Geometry(
      int outChannels, int kernelHeight, int kernelWidth, int stride, int padding, int groups) {
    /** Largest value of every member: far above any network, and low enough for int arithmetic. */
    public static final int MAX = 1 << 20;

    public Geometry {
      Check.that(
          inRange(1, outChannels)
              && inRange(1, kernelHeight)
              && inRange(1, kernelWidth)
              && inRange(1, stride)
              && inRange(0, padding)
              && inRange(1, groups),
          "a convolution with %d output channels, kernel %d×%d, stride %d, padding %d, %d groups:"
              + " all must be 1 to %d (padding may be 0)",
          outChannels,
          kernelHeight,
          kernelWidth,
          stride,
          padding,
          groups,
          MAX);
      Check.that(
          outChannels % groups == 0,
          "a convolution with %d output channels cannot have %d groups",
          outChannels,
          groups);
    }

    private static boolean inRange(int least, int value) {
      return value >= least && value <= MAX;
    }

    /** Products in one accumulator for this input: {@code inC / groups · kH · kW}. */
    public long taps(Shape inputShape) {
      return Math.multiplyExact(
          (long) inputShape.channels() / groups, (long) kernelHeight * kernelWidth);
    }
  }

  /**
   * Signed codes of {@code bits} cells each, in {@code −2^(bits−1) … 2^(bits−1) − 1}.
   *
   * @param codes {@code [outC, inC / groups, kH, kW]}, row-major
   * @param bits 2 to 8
   * @param step real value of one code: one per tensor (length 1) or one per output channel
   */
  public record WeightCodes(byte[] codes, int bits, float[] step) {
    public WeightCodes {
      Check.that(bits >= 2 && bits <= 8, "weights of %d bits: use 2 to 8", bits);
      codes = codes.clone();
      step = step.clone();
      int low = -(1 << (bits - 1));
      for (int i = 0; i < codes.length; i++) {
        Check.that(
            codes[i] >= low && codes[i] <= -low - 1,
            "weight code %d at position %d is outside %d…%d of %d bits",
            codes[i],
            i,
            low,
            -low - 1,
            bits);
      }
      for (int i = 0; i < step.length; i++) {
        Check.positive("weight step[" + i + "]", step[i]);
      }
    }
  }

  /**
   * Unsigned codes {@code 0 … 2^bits − 1}.
   *
   * @param bits 1 to 8
   * @param step the real value of one code
   */
  public record Activation(int bits, float step) {
    public Activation {
      Check.that(bits >= 1 && bits <= 8, "activations of %d bits: use 1 to 8", bits);
      Check.positive("activation step", step);
    }

    /** {@code 2^bits − 1}. */
    public int maxCode() {
      return (1 << bits) - 1;
    }
  }

  public Convolution {
    Check.layerName(name);
    Check.layerInput(name, input);
    bias = bias.clone();
    scale = scale.clone();
    int outChannels = geometry.outChannels();
    Check.that(
        inputShape.channels() % geometry.groups() == 0,
        "layer %s: %d input channels cannot be divided into %d groups",
        name,
        inputShape.channels(),
        geometry.groups());
    long height = inputShape.height() + 2L * geometry.padding();
    long width = inputShape.width() + 2L * geometry.padding();
    Check.that(
        geometry.kernelHeight() <= height && geometry.kernelWidth() <= width,
        "layer %s: a %d×%d kernel does not fit its padded input of %d×%d",
        name,
        geometry.kernelHeight(),
        geometry.kernelWidth(),
        height,
        width);
    Check.tensor(
        name,
        geometry.outChannels(),
        (height - geometry.kernelHeight()) / geometry.stride() + 1,
        (width - geometry.kernelWidth()) / geometry.stride() + 1);
    long expected = Math.multiplyExact(geometry.taps(inputShape), (long) outChannels);
    Check.that(
        weights.codes().length == expected,
        "layer %s: %d weight codes, but its shape needs %d",
        name,
        weights.codes().length,
        expected);
    Check.that(
        weights.step().length == 1 || weights.step().length == outChannels,
        "layer %s: %d weight steps; give one, or one for each of %d output channels",
        name,
        weights.step().length,
        outChannels);
    Check.that(
        bias.length == outChannels && scale.length == outChannels,
        "layer %s: %d biases and %d scales for %d output channels",
        name,
        bias.length,
        scale.length,
        outChannels);
    Check.finite("layer " + name + ": bias", bias);
    Check.finite("layer " + name + ": scale", scale);
  }

  @Override
  public Shape outputShape() {
    int p = 2 * geometry.padding();
    return new Shape(
        geometry.outChannels(),
        (inputShape.height() + p - geometry.kernelHeight()) / geometry.stride() + 1,
        (inputShape.width() + p - geometry.kernelWidth()) / geometry.stride() + 1);
  }

  /** True where the kernel covers the whole input: a fully connected layer. */
  public boolean isDense() {
    return geometry.kernelHeight() == inputShape.height()
        && geometry.kernelWidth() == inputShape.width()
        && geometry.padding() == 0
        && geometry.groups() == 1;
  }

  /** Multiply-accumulates for one image. */
  public long macs() {
    return (long) outputShape().height() * outputShape().width() * weights.codes().length;
  }

  /**
   * An upper bound of {@code |acc|}, and of every partial sum in any order, for <em>any</em> weight
   * codes of this many bits (faults can make any): {@code taps · 2^(bits−1) · maxInput}.
   *
   * @param maxInput the largest code of the tensor read
   */
  public long accumulatorBound(int maxInput) {
    return Math.multiplyExact(geometry.taps(inputShape), (long) maxInput << (weights.bits() - 1));
  }
}
