package org.bitquake.network;

import java.util.Arrays;
import java.util.List;
import org.bitquake.data.Shape;

/**
 * What a network reads: images of unsigned 8-bit pixels, each of which becomes a code.
 *
 * <p>Without tables the code is the pixel. Otherwise {@code code = table[c][pixel]}, which
 * expresses every step, zero point, mean and standard deviation of a channel.
 *
 * <p>Arrays are copied in; those that accessors return are not to be written to.
 *
 * @param shape {@code [C, H, W]} of an image
 * @param codes what the codes stand for
 * @param tables none, or 256 codes for each channel, {@code [C][256]}
 */
public record Input(Shape shape, Activation codes, byte[][] tables) {
  /** The pixels that there are. */
  public static final int PIXELS = 256;

  public Input {
    tables = Arrays.stream(tables).map(byte[]::clone).toArray(byte[][]::new);
    Check.that(
        tables.length == 0 || tables.length == shape.channels(),
        "the input has %d tables of codes for %d channels",
        tables.length,
        shape.channels());
    Check.that(
        tables.length > 0 || codes.maxCode() == QuantizedNetwork.MAX_PIXEL,
        "the input has codes up to %d and no tables that map its pixels, 0 to %d, to them",
        codes.maxCode(),
        QuantizedNetwork.MAX_PIXEL);
    for (byte[] table : tables) {
      Check.that(
          table.length == PIXELS,
          "the input has a table of %d codes, not %d",
          table.length,
          PIXELS);
      for (byte code : table) {
        Check.that(
            (code & 0xff) <= codes.maxCode(),
            "a table of the input has the code %d above its largest, %d",
            code & 0xff,
            codes.maxCode());
      }
    }
  }

  /** Pixels as they are, each worth so much. */
  public static Input ofPixels(Shape shape, float step) {
    Check.positive("input step", step);
    return new Input(shape, new Activation(8, step), new byte[0][]);
  }

  /**
   * The same codes for pixels that are normalised first: the code nearest to {@code (pixel / 255 −
   * mean) / std}, in double, half to even.
   *
   * @param mean one value, or one for each channel
   * @param std as many
   */
  public Input normalized(List<Double> mean, List<Double> std) {
    Check.that(
        mean.size() == std.size() && (mean.size() == 1 || mean.size() == shape.channels()),
        "%d means and %d standard deviations for %d channels; give one of each, or one for each"
            + " channel",
        mean.size(),
        std.size(),
        shape.channels());
    byte[][] table = new byte[shape.channels()][PIXELS];
    for (int c = 0; c < table.length; c++) {
      double m = mean.get(mean.size() == 1 ? 0 : c);
      double s = std.get(std.size() == 1 ? 0 : c);
      Check.that(
          Double.isFinite(m) && Double.isFinite(s) && s > 0,
          "mean %s and standard deviation %s: use numbers, the latter above 0",
          m,
          s);
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        double code = Math.rint((pixel / 255.0 - m) / s / codes.step()) + codes.zero();
        table[c][pixel] = (byte) Math.min(Math.max(code, 0), codes.maxCode());
      }
    }
    return new Input(shape, codes, table);
  }

  /** Whether codes are pixels and 0 stands for 0. */
  public boolean isPlain() {
    return tables.length == 0 && codes.isPlain();
  }

  /**
   * The codes of images.
   *
   * @param pixels {@code [n, C, H, W]}, n at least {@code images}
   * @return the codes of the first {@code images}, unsigned; the array given, if codes are pixels
   */
  public byte[] encode(byte[] pixels, int images) {
    if (tables.length == 0) {
      return pixels;
    }
    byte[] result = new byte[Math.multiplyExact(images, shape.size())];
    int plane = shape.height() * shape.width();
    for (int from = 0, c = 0; from < result.length; from += plane, c = (c + 1) % tables.length) {
      byte[] table = tables[c];
      for (int i = from; i < from + plane; i++) {
        result[i] = table[pixels[i] & 0xff];
      }
    }
    return result;
  }
}
