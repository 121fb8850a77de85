package org.bitquake.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bitquake.data.Shape;

/**
 * A layer with weights: a convolution, or a fully connected layer as the convolution whose kernel
 * covers its whole input.
 *
 * <p>{@code acc = Σ w · (a − zero)} in int32, zero that of the codes read; padding adds nothing.
 * Then in float32, in this order, {@code y = ((float) acc + bias[c]) · scale[c]}, then {@code y =
 * fma(ratio, residual code − its zero, y)} if there is a residual, then the code that {@link
 * Activation} makes of y. The last layer may have no activation: its {@code y} are the logits.
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

  /** Windows and channels; {@code groups} divides both channel counts. */
  public record Geometry(int outChannels, Window window, int groups) {
    public Geometry {
      Check.that(
          outChannels >= 1 && outChannels <= Window.MAX && groups >= 1 && groups <= Window.MAX,
          "a convolution with %d output channels in %d groups: both must be 1 to %d",
          outChannels,
          groups,
          Window.MAX);
      Check.that(
          outChannels % groups == 0,
          "a convolution with %d output channels cannot have %d groups",
          outChannels,
          groups);
    }

    /** The same stride both ways, the same padding on all sides, no dilation. */
    public Geometry(
        int outChannels, int kernelHeight, int kernelWidth, int stride, int padding, int groups) {
      this(outChannels, Window.square(kernelHeight, kernelWidth, stride, padding), groups);
    }

    public int kernelHeight() {
      return window.kernelHeight();
    }

    public int kernelWidth() {
      return window.kernelWidth();
    }

    /**
     * The stride both ways.
     *
     * @throws IllegalStateException unless the window {@linkplain Window#isSquare is square}
     */
    public int stride() {
      return square().strideY();
    }

    /**
     * The padding of each side.
     *
     * @throws IllegalStateException unless the window {@linkplain Window#isSquare is square}
     */
    public int padding() {
      return square().top();
    }

    private Window square() {
      if (!window.isSquare()) {
        throw new IllegalStateException("windows of " + window + " have no one stride and padding");
      }
      return window;
    }

    /** Products in one accumulator for this input: {@code inC / groups · kH · kW}. */
    public long taps(Shape inputShape) {
      return Math.multiplyExact((long) inputShape.channels() / groups, (long) window.taps());
    }
  }

  /**
   * Signed codes of {@code bits} cells each, in {@code −2^(bits−1) … 2^(bits−1) − 1}; the weight
   * that a code stands for is the integer {@code w = gain · code + offset}.
   *
   * <p>Symmetric weights have gain 1 and offset 0. Unsigned ones with a zero point, {@code w = q −
   * z}, have the code {@code q − 2^(bits−1)} and the offset {@code 2^(bits−1) − z}; mid-rise ones,
   * {@code w = 2q − (2^bits − 1)}, that code, gain 2 and offset 1. The cells of both hold q in the
   * encoding offset-binary.
   *
   * @param codes {@code [outC, inC / groups, kH, kW]}, row-major
   * @param bits 2 to 8; 1 to 7 with gain 2
   * @param step real value of one unit of w: one per tensor (length 1) or one per output channel
   * @param gain 1 or 2
   * @param offset one per tensor (length 1) or one per output channel
   */
  public record WeightCodes(byte[] codes, int bits, float[] step, int gain, int[] offset) {
    private static final int MOST = 255;

    public WeightCodes {
      Check.that(gain == 1 || gain == 2, "a weight gain of %d: use 1 or 2", gain);
      Check.that(
          bits >= 3 - gain && bits <= 9 - gain,
          "weights of %d bits: use %d to %d",
          bits,
          3 - gain,
          9 - gain);
      codes = codes.clone();
      step = step.clone();
      offset = offset.clone();
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
      for (int o : offset) {
        Check.that(o >= -MOST && o <= MOST, "a weight offset of %d: use −255 to 255", o);
      }
    }

    /** Symmetric weights: the codes themselves. */
    public WeightCodes(byte[] codes, int bits, float[] step) {
      this(codes, bits, step, 1, new int[1]);
    }

    /** Mid-rise weights, {@code w = 2 · code + 1}. */
    public static WeightCodes midRise(byte[] codes, int bits, float[] step) {
      return new WeightCodes(codes, bits, step, 2, new int[] {1});
    }

    /** Whether the weights are the codes. */
    public boolean isPlain() {
      return gain == 1 && Arrays.stream(offset).allMatch(o -> o == 0);
    }

    /** Whether the weights are {@code 2 · code + 1}. */
    public boolean isMidRise() {
      return gain == 2 && Arrays.stream(offset).allMatch(o -> o == 1);
    }

    /** What is added to the codes of an output channel. */
    public int offset(int channel) {
      return offset[offset.length == 1 ? 0 : channel];
    }

    /** The largest {@code |w|} that any code stands for. */
    public int reach() {
      int half = 1 << (bits - 1);
      return Arrays.stream(offset)
          .map(o -> Math.max(Math.abs(o - gain * half), Math.abs(o + gain * (half - 1))))
          .max()
          .orElse(0);
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
    Window window = geometry.window();
    Check.that(
        window.fits(inputShape),
        "layer %s: a %d×%d kernel does not fit its padded input of %d×%d",
        name,
        window.reachY(),
        window.reachX(),
        (long) inputShape.height() + window.top() + window.bottom(),
        (long) inputShape.width() + window.left() + window.right());
    Check.tensor(name, outChannels, window.outHeight(inputShape), window.outWidth(inputShape));
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
        weights.offset().length == 1 || weights.offset().length == outChannels,
        "layer %s: %d weight offsets; give one, or one for each of %d output channels",
        name,
        weights.offset().length,
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
  public List<Integer> inputs() {
    return residual.map(r -> List.of(input, r.source())).orElse(List.of(input));
  }

  @Override
  public List<Shape> inputShapes() {
    return residual.map(r -> List.of(inputShape, outputShape())).orElse(List.of(inputShape));
  }

  @Override
  public Shape outputShape() {
    Window window = geometry.window();
    return new Shape(
        geometry.outChannels(), window.outHeight(inputShape), window.outWidth(inputShape));
  }

  /** True where the kernel covers the whole input: a fully connected layer. */
  public boolean isDense() {
    return geometry.window().covers(inputShape) && geometry.groups() == 1;
  }

  /** Whether windows are square and weights and the codes written are plain. */
  public boolean isPlain() {
    return weights.isPlain() && hasPlainCodes();
  }

  /** Whether windows are square and the codes written are plain, whatever the weights are. */
  boolean hasPlainCodes() {
    return geometry.window().isSquare() && activation.map(Activation::isPlain).orElse(true);
  }

  @Override
  public Optional<TensorCodes> codes(List<TensorCodes> read) {
    checkAccumulator(read.get(0));
    if (residual.isPresent()) {
      Check.that(
          read.get(1).max() <= QuantizedNetwork.MAX_PIXEL,
          "layer %s: its residual has codes up to %d, above 255",
          name,
          read.get(1).max());
    }
    return activation.map(Activation::codes);
  }

  /** Every partial sum fits int32, for any codes that faults may leave behind. */
  private void checkAccumulator(TensorCodes read) {
    long bound = accumulatorBound(read);
    Check.that(
        bound <= Integer.MAX_VALUE,
        "layer %s: %d products of %d-bit weights and inputs up to %d can reach %d, which overflows"
            + " the 32-bit accumulator; use fewer bits or split the layer",
        name,
        geometry.taps(inputShape),
        weights.bits(),
        read.reach(),
        bound);
  }

  @Override
  public <R> R match(LayerCases<R> cases) {
    return cases.convolution(this);
  }

  /** The integers that the weight codes stand for, {@code [outC, inC / groups, kH, kW]}. */
  public int[] integerWeights() {
    byte[] codes = weights.codes();
    int perChannel = codes.length / geometry.outChannels();
    int[] integers = new int[codes.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = weights.gain() * codes[i] + weights.offset(i / perChannel);
    }
    return integers;
  }

  /** Multiply-accumulates for one image. */
  public long macs() {
    return (long) outputShape().height() * outputShape().width() * weights.codes().length;
  }

  /**
   * An upper bound of {@code |acc|}, and of every partial sum in any order, for <em>any</em> weight
   * codes of this many bits (faults can make any): taps times the largest weight times the largest
   * input.
   *
   * @param read what the codes read can be
   */
  public long accumulatorBound(TensorCodes read) {
    return Math.multiplyExact(geometry.taps(inputShape), (long) read.reach() * weights.reach());
  }
}
