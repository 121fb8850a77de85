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
 * @param geometry kernel, stride, padding, groups
 * @param weights the weight codes, {@code [outC, inC / groups, kH, kW]}
 * @param bias per output channel, in accumulator units
 * @param scale per output channel
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
      int outChannels, int kernelHeight, int kernelWidth, int stride, int padding, int groups) {}

  /**
   * Signed codes of {@code bits} cells each, in {@code −2^(bits−1) … 2^(bits−1) − 1}.
   *
   * @param codes {@code [outC, inC / groups, kH, kW]}, row-major
   * @param step real value of one code: one per tensor (length 1) or one per output channel
   */
  public record WeightCodes(byte[] codes, int bits, float[] step) {}

  /** Unsigned codes {@code 0 … 2^bits − 1}; {@code step} is the real value of one code. */
  public record Activation(int bits, float step) {}

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
}
