package org.bitquake.onnx;

import java.util.Arrays;
import org.bitquake.network.Affine;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Pixels;
import org.bitquake.onnx.Value.Quantizer;
import org.bitquake.onnx.Value.Sums;

/**
 * The operators of QONNX (arXiv 2206.07527): quantisers whose outputs are real numbers. {@code
 * Quant(x, s, z, b)} is {@code (round(clip(x/s + z, low, high)) − z) · s}.
 */
final class QuantNodes {
  private static final int MOST_BITS = 24;
  private static final double NUDGE = 0x1p-22;
  private static final double LARGE = 0x1p50;

  private final QuantizerNodes quantizers;

  QuantNodes(QuantizerNodes quantizers) {
    this.quantizers = quantizers;
  }

  Value apply(Node node) {
    return switch (node.op()) {
      case "Quant", "IntQuant" -> quant(node);
      case "BipolarQuant" -> bipolar(node);
      case "Trunc" -> truncated(node);
      default ->
          throw Require.no("it is not supported; of its domain Quant, BipolarQuant and Trunc are");
    };
  }

  private Value quant(Node node) {
    node.allow("signed", "narrow", "rounding_mode");
    String mode = node.text("rounding_mode", "ROUND");
    Require.that(
        mode.equals("ROUND") || mode.equals("HALF_EVEN"),
        "it rounds in the mode %s; ROUND, half to even, is supported",
        Require.quote(mode));
    int bits = integer(node, 3, "number of bits");
    Require.that(bits >= 1 && bits <= MOST_BITS, "it quantises to %d bits", bits);
    boolean signed = node.integer("signed", 1) != 0;
    int narrow = node.integer("narrow", 0) != 0 ? 1 : 0;
    int low = signed ? -(1 << (bits - 1)) + narrow : 0;
    int high = signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1 - narrow;
    Require.that(low < high, "it quantises to the codes %d…%d alone", low, high);
    int zero = integer(node, 2, "zero point");
    if (node.input(0) instanceof Constant c) {
      return constant(c, node.constant(1, "scale"), zero, low, high);
    }
    Require.that(bits <= 8, "it quantises activations to %d bits; at most 8 are supported", bits);
    float step = node.scalar(1, "scale");
    Require.that(Float.isFinite(step) && step > 0, "its scale is %s; it must be above 0", step);
    Require.that(zero >= low && zero <= high, "its zero point %d is none of its codes", zero);
    return quantizers.codes(quantizers.levels(node, 0, new Quantizer(step, zero, low, high)));
  }

  private static int integer(Node node, int index, String what) {
    Constant c = node.constant(index, what);
    Require.that(c.length() == 1, "its %s has %d values; one is supported", what, c.length());
    double value = c.isFloat() ? c.floats()[0] : c.ints()[0];
    Require.that(
        value == Math.rint(value) && Math.abs(value) < (1 << MOST_BITS),
        "its %s is %s, no integer",
        what,
        value);
    return (int) value;
  }

  /** Weights, or a bias where there are more than 8 bits. */
  private static Value constant(Constant c, Constant scale, int zero, int low, int high) {
    float[] reals = c.reals("the tensor it quantises");
    float[] step = steps(scale);
    int axis = axis(c, scale);
    int inner = inner(c, axis);
    int[] codes = new int[reals.length];
    for (int i = 0; i < codes.length; i++) {
      float s = step[i / inner % step.length];
      double code = Math.rint(Math.max(low, Math.min(high, (double) reals[i] / s + zero)));
      Require.that(!Double.isNaN(code), "value %d is not a number", i);
      codes[i] = (int) code;
    }
    if (high - low <= 255) {
      return ConstantNodes.weights(
          Constant.of(codes, low, high, c.dims()), step, new int[] {zero}, axis);
    }
    float[] rounded = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      rounded[i] = (codes[i] - zero) * step[i / inner % step.length];
    }
    return Constant.of(rounded, c.dims());
  }

  private static float[] steps(Constant scale) {
    float[] step = scale.reals("its scale");
    Require.that(step.length > 0, "its scale is empty");
    for (float s : step) {
      Require.that(Float.isFinite(s) && s > 0, "its scale is %s; it must be above 0", s);
    }
    return step;
  }

  /** The one dimension along which scales differ. */
  private static int axis(Constant c, Constant scale) {
    if (scale.length() == 1) {
      return 0;
    }
    int more = c.dims().length - scale.dims().length;
    for (int d = 0; d < scale.dims().length; d++) {
      if (scale.dims()[d] == scale.length()) {
        Require.that(
            d + more >= 0 && c.dims()[d + more] == scale.length(),
            "its scales %s do not fit a tensor %s",
            Arrays.toString(scale.dims()),
            Arrays.toString(c.dims()));
        return d + more;
      }
    }
    throw Require.no("its scales %s differ in two dimensions", Arrays.toString(scale.dims()));
  }

  private static int inner(Constant c, int axis) {
    int inner = 1;
    for (int d = axis + 1; d < c.dims().length; d++) {
      inner *= c.dims()[d];
    }
    return Math.max(1, inner);
  }

  /** One bit: the scale where a value is not below 0, and minus the scale elsewhere. */
  private Value bipolar(Node node) {
    node.allow();
    Constant scale = node.constant(1, "scale");
    if (node.input(0) instanceof Constant c) {
      float[] reals = c.reals("the tensor it quantises");
      byte[] codes = new byte[reals.length];
      for (int i = 0; i < codes.length; i++) {
        Require.that(!Float.isNaN(reals[i]), "value %d is not a number", i);
        codes[i] = (byte) (reals[i] >= 0 ? 0 : -1);
      }
      return new Weights(c.dims(), codes, 1, steps(scale), 2, new int[] {1}, axis(c, scale));
    }
    float[] step = steps(scale);
    Require.that(step.length == 1, "it has %d scales; activations have one", step.length);
    var q = new Quantizer(step[0], 0, -1, 1);
    if (node.input(0) instanceof Pixels image) {
      return quantizers.codes(new Levels(PixelNodes.signs(image, step[0]), q, node));
    }
    Require.that(
        node.input(0) instanceof Sums,
        "it takes the sign of %s; supported for weights, images and a layer's sums",
        node.input(0).describe());
    node.requireOnlyReader(0);
    var sums = (Sums) node.input(0);
    return quantizers.codes(new Levels(sums.with(signs(sums.affine(), step[0])), q, node));
  }

  /**
   * Sums so large that rounding and clipping leaves −1 and 1 of them; a sum of 0 is moved to the
   * positive side by less than what float32 sees of its bias.
   */
  private static Affine signs(Affine affine, float step) {
    double[] gain = affine.gain().clone();
    double[] offset = affine.offset().clone();
    for (int c = 0; c < gain.length; c++) {
      double unit = affine.unit()[c];
      Require.that(gain[c] != 0, "it takes the sign of channel %d, which is a constant", c);
      double bias = (affine.shift()[c] + offset[c] / gain[c]) / unit;
      double nudge = Math.signum(gain[c]) * (Math.abs(bias) + 1) * NUDGE;
      double factor = LARGE * step / (unit * Math.abs(gain[c]));
      offset[c] = (offset[c] + gain[c] * unit * nudge) * factor;
      gain[c] *= factor;
    }
    return new Affine(affine.unit(), affine.shift(), gain, offset);
  }

  /** Codes of fewer bits: supported where none are lost. */
  private static Value truncated(Node node) {
    node.allow("rounding_mode", "signed", "narrow");
    int from = integer(node, 3, "number of bits read");
    int to = integer(node, 4, "number of bits written");
    Require.that(
        from == to && node.input(0) instanceof Value.Codes,
        "it cuts %d bits to %d; that is supported where it changes nothing. Use Quant instead",
        from,
        to);
    return node.input(0);
  }
}
