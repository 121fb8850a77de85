package org.bitquake.onnx;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Input;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Pixels;
import org.bitquake.onnx.Value.Quantizer;

/**
 * What stands between the graph's input and its first layer. Elementwise nodes are computed in
 * float32 for each of the 256 pixels there are, and become a table of codes.
 */
final class PixelNodes {
  private static final int MOST = QuantizedNetwork.MAX_PIXEL;
  private static final int MAX_TABLES = 1 << 16;
  private static final int MAX_ROWS = 1 << 14;

  private PixelNodes() {}

  /** The images of a graph whose input is {@code [N, C, H, W]}, {@code [N, H, W, C]}, or flat. */
  static Pixels input(
      int[] dims, boolean integer, int low, boolean channelsLast, InputFormat format) {
    boolean last = dims.length == 3 && channelsLast;
    Shape shape =
        dims.length == 1
            ? new Shape(dims[0], 1, 1)
            : last ? new Shape(dims[2], dims[0], dims[1]) : new Shape(dims[0], dims[1], dims[2]);
    Form form = dims.length == 1 ? Form.VECTOR : last ? Form.LAST : Form.MAP;
    float[] pixels = new float[MOST + 1];
    for (int p = 0; p <= MOST; p++) {
      pixels[p] = integer ? p + low : p / 255f;
    }
    int rows = format.mean().size();
    Require.that(
        rows == 0 || !integer,
        "its input is integers, so that mean and standard deviation are in the model already;"
            + " leave --mean and --std away");
    Require.that(
        rows <= 1 || (rows == shape.channels() && form != Form.VECTOR),
        "--mean and --std have %d values for %d channels",
        rows,
        shape.channels());
    float[][] reals = new float[Math.max(1, rows)][];
    for (int r = 0; r < reals.length; r++) {
      reals[r] = pixels.clone();
      for (int p = 0; p <= MOST && rows > 0; p++) {
        double centred = p / 255.0 - format.mean().get(r);
        reals[r][p] = (float) (centred / format.std().get(r));
      }
    }
    return new Pixels(shape, form, integer, low, reals, rows <= 1 ? 0 : last ? 3 : 1);
  }

  static Pixels cast(Pixels in, int type) {
    boolean real = type == 1;
    Require.that(real || in.integer(), "it makes integers of the image; quantise it instead");
    return new Pixels(in.shape(), in.form(), !real, in.low(), in.reals(), in.along());
  }

  /**
   * Add, Sub, Mul or Div of the image and a constant that is one number, or one for each position
   * along one dimension.
   *
   * @param first whether the image is the first operand
   */
  static Pixels arithmetic(String op, Pixels in, Constant constant, boolean first) {
    Require.that(!in.integer(), "it computes with an integer image; cast it to float first");
    float[] values = constant.reals("the constant");
    int along = dimension(in, constant);
    Require.that(
        in.along() == 0 || along == 0 || in.along() == along,
        "it varies along another dimension of the image than what was before it");
    int rows = along == 0 ? in.reals().length : values.length;
    Require.that(rows <= MAX_ROWS, "it has a constant for each of %d positions", rows);
    float[][] reals = new float[rows][MOST + 1];
    for (int r = 0; r < rows; r++) {
      float[] from = in.reals()[in.along() == 0 ? 0 : r];
      float c = values[along == 0 ? 0 : r];
      for (int p = 0; p <= MOST; p++) {
        float x = first ? from[p] : c;
        float y = first ? c : from[p];
        reals[r][p] =
            switch (op) {
              case "Add" -> x + y;
              case "Sub" -> x - y;
              case "Mul" -> x * y;
              default -> x / y;
            };
      }
    }
    return new Pixels(
        in.shape(), in.form(), false, in.low(), reals, along == 0 ? in.along() : along);
  }

  /** The dimension of {@code [N, a, b, c]} along which a constant varies; 0 for one number. */
  private static int dimension(Pixels in, Constant constant) {
    if (constant.length() == 1) {
      return 0;
    }
    int[] dims = constant.dims();
    Shape s = in.shape();
    for (int k = 1; k <= 3 && k <= dims.length && !in.form().flat(); k++) {
      int dimension = 4 - k;
      boolean last = in.form() == Form.LAST;
      int size =
          switch (dimension) {
            case 1 -> last ? s.height() : s.channels();
            case 2 -> last ? s.width() : s.height();
            default -> last ? s.channels() : s.width();
          };
      if (dims[dims.length - k] == constant.length() && constant.length() == size) {
        return dimension;
      }
    }
    throw Require.no(
        "its constant %s is not one number, or one for each channel of the image, %s",
        Arrays.toString(dims), s);
  }

  static Pixels clipped(Pixels in, double low, double high) {
    Require.that(!in.integer(), "it clips an integer image");
    float[][] reals = new float[in.reals().length][MOST + 1];
    for (int r = 0; r < reals.length; r++) {
      for (int p = 0; p <= MOST; p++) {
        reals[r][p] = (float) Math.max(low, Math.min(high, in.reals()[r][p]));
      }
    }
    return Arrays.deepEquals(reals, in.reals())
        ? in
        : new Pixels(in.shape(), in.form(), false, in.low(), reals, in.along());
  }

  /** Where a pixel is not below 0 the step, and minus the step elsewhere. */
  static Pixels signs(Pixels in, float step) {
    Require.that(!in.integer(), "it takes the signs of an integer image");
    float[][] reals = new float[in.reals().length][MOST + 1];
    for (int r = 0; r < reals.length; r++) {
      for (int p = 0; p <= MOST; p++) {
        reals[r][p] = in.reals()[r][p] >= 0 ? step : -step;
      }
    }
    return new Pixels(in.shape(), in.form(), false, in.low(), reals, in.along());
  }

  /** The image with its dimensions in another order: from or to channels last. */
  static Pixels transposed(Pixels in, int[] perm) {
    Require.that(
        Arrays.equals(perm, new int[] {0, 3, 1, 2}) && in.form() == Form.LAST,
        "it orders the dimensions of the image %s; 0, 3, 1, 2 is supported, from [N, H, W, C]",
        Arrays.toString(perm));
    int[] moved = {0, 2, 3, 1};
    return new Pixels(
        in.shape(), Form.MAP, in.integer(), in.low(), in.reals(), moved[in.along()], in.given());
  }

  /** The codes of the image where a layer reads it unquantised: they must be its pixels. */
  static Codes read(Pixels in, LayerList layers) {
    Require.that(
        !in.integer(),
        "it reads the image, of integers; it needs quantised activations (DequantizeLinear) there");
    if (in.given().isPresent()) {
      Quantizer given = in.given().get();
      return read(in, given.step(), given.zero(), layers);
    }
    float[] reals = in.reals()[0];
    double slope = (reals[MOST] - (double) reals[0]) / MOST;
    int zero = (int) Math.rint(-reals[0] / slope);
    float step = slope(reals, zero);
    boolean same = Arrays.stream(in.reals()).allMatch(r -> Arrays.equals(r, reals));
    boolean even = step > 0 && zero >= 0 && zero <= MOST;
    for (int p = 0; even && p <= MOST; p++) {
      even = Math.abs(reals[p] - (double) step * (p - zero)) <= 1e-3 * step;
    }
    Require.that(
        same && even,
        "it reads the image as real numbers that are not pixels times one step; add a"
            + " QuantizeLinear and a DequantizeLinear before it");
    return read(in, step, zero, layers);
  }

  private static Codes read(Pixels in, float step, int zero, LayerList layers) {
    var codes = new Activation(8, step, zero, MOST, in.low());
    return layers.input(new Input(in.shape(), codes, new byte[0][]), in.form());
  }

  /** The step that fits best, so that the roundings of single pixels do not matter. */
  private static float slope(float[] reals, int zero) {
    double products = 0;
    double squares = 0;
    for (int p = 0; p <= MOST; p++) {
      products += (p - zero) * (double) reals[p];
      squares += (p - zero) * (double) (p - zero);
    }
    return (float) (products / squares);
  }

  /** DequantizeLinear of an integer image. */
  static Pixels dequantized(Pixels in, float step, int zero) {
    Require.that(in.integer(), "it dequantises a float image");
    Require.that(Float.isFinite(step) && step > 0, "its step is %s", step);
    int point = zero - in.low();
    Require.that(
        point >= 0 && point <= MOST, "the image has the zero point %d, none of its values", zero);
    float[] reals = new float[MOST + 1];
    for (int p = 0; p <= MOST; p++) {
      reals[p] = (p - point) * step;
    }
    var given = Optional.of(new Quantizer(step, point, 0, MOST));
    return new Pixels(in.shape(), in.form(), false, in.low(), new float[][] {reals}, 0, given);
  }

  /** The image quantised so. */
  static Codes quantized(Pixels in, Quantizer q, LayerList layers) {
    Require.that(!in.integer(), "it quantises an integer image");
    Require.that(
        in.along() == 0 || in.along() == (in.form() == Form.LAST ? 3 : 1),
        "what is before it varies along height or width of the image");
    int channels = in.shape().channels();
    Require.that(channels <= MAX_TABLES, "the image has %d channels, which is too many", channels);
    byte[][] tables = new byte[channels][MOST + 1];
    boolean pixels = q.high() - q.low() == MOST;
    for (int c = 0; c < channels; c++) {
      float[] reals = in.reals()[in.along() == 0 ? 0 : c];
      for (int p = 0; p <= MOST; p++) {
        Require.that(!Float.isNaN(reals[p]), "pixel %d becomes no number", p);
        double code = Math.rint(reals[p] / q.step()) + q.zero();
        int within = (int) Math.max(q.low(), Math.min(q.high(), code)) - q.low();
        tables[c][p] = (byte) within;
        pixels &= within == p;
      }
    }
    Activation codes = Activation.of(q.step(), q.low(), q.high(), q.zero());
    if (codes.zero() == 0 && pixels) {
      codes = new Activation(8, q.step());
    }
    var input = new Input(in.shape(), codes, pixels ? new byte[0][] : tables);
    return layers.input(input, in.form()).withZero(q.zero());
  }

  /** A sentence about an input whose codes say that its pixels should have been normalised. */
  static Optional<String> suspicion(Input input) {
    if (input.tables().length == 0) {
      return Optional.empty();
    }
    int used = used(input.tables());
    int there = input.codes().maxCode() + 1;
    return used * 10 >= there * 6 || there <= 16
        ? Optional.empty()
        : Optional.of(
            "pixels / 255 use "
                + used
                + " of the "
                + there
                + " codes of its input: it may expect other numbers; see --mean and --std");
  }

  /** Codes that pixels become; where channels differ, those from the lowest to the highest. */
  private static int used(byte[][] tables) {
    if (Arrays.stream(tables).allMatch(table -> Arrays.equals(table, tables[0]))) {
      var codes = new BitSet();
      for (byte code : tables[0]) {
        codes.set(code & 0xff);
      }
      return codes.cardinality();
    }
    int least = MOST;
    int most = 0;
    for (byte[] table : tables) {
      least = Math.min(least, Math.min(table[0] & 0xff, table[MOST] & 0xff));
      most = Math.max(most, Math.max(table[0] & 0xff, table[MOST] & 0xff));
    }
    return most - least + 1;
  }
}
