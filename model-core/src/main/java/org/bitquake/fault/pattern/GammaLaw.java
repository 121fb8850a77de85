package org.bitquake.fault.pattern;

import org.apache.commons.math3.util.FastMath;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.Philox;

/**
 * Gamma numbers of mean 1, each a function of (seed, trial, stream, position) and the same bits on
 * every machine.
 *
 * <p>Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000), <a
 * href="https://doi.org/10.1145/358407.358414">doi:10.1145/358407.358414</a>, with normal numbers
 * by their "ziggurat method for generating random variables", J. Stat. Soft. 5 (2000), 256 layers.
 * An attempt takes two or three random words; 19 of 20 succeed.
 */
final class GammaLaw {
  private static final int LAYERS = 256;

  /** Where the normal law's tail begins, and the area of a layer. */
  private static final double TAIL = 3.654152885361009;

  private static final double AREA = 0.00492867323399;

  private static final double[] WIDTHS = new double[LAYERS + 1];
  private static final double[] HEIGHTS = new double[LAYERS + 1];

  static {
    HEIGHTS[0] = 0;
    WIDTHS[0] = AREA / height(TAIL);
    WIDTHS[1] = TAIL;
    HEIGHTS[1] = height(TAIL);
    for (int layer = 2; layer < LAYERS; layer++) {
      HEIGHTS[layer] = HEIGHTS[layer - 1] + AREA / WIDTHS[layer - 1];
      WIDTHS[layer] = FastMath.sqrt(-2 * FastMath.log(HEIGHTS[layer]));
    }
    HEIGHTS[LAYERS] = 1;
  }

  private final double shape;
  private final double d;
  private final double c;

  GammaLaw(double shape) {
    this.shape = shape;
    d = (shape < 1 ? shape + 1 : shape) - 1 / 3.0;
    c = 1 / FastMath.sqrt(9 * d);
  }

  private static double height(double x) {
    return FastMath.exp(-0.5 * x * x);
  }

  /** The numbers at positions 0, 1, …; streams {@code stream} + 0, 1, 2, … are used. */
  void fill(EventStream events, long stream, double[] numbers) {
    int words = shape < 1 ? 3 : 2; // of a number
    int most = EventStream.MOST_BLOCKS; // then 4 numbers begin a block
    for (int first = 0; first < numbers.length; first += most) {
      int count = Math.min(most, numbers.length - first);
      events.blocks((long) first * words / 4, (count * words + 3) / 4, stream);
      for (int i = 0; i < count; i++) {
        int word = words * i;
        double normal = normal(events.wordOf(word), events, stream + 1, first + i);
        double number = number(normal, events.wordOf(word + 1), events.wordOf(word + words - 1));
        numbers[first + i] = number >= 0 ? number : again(events, stream + 2, first + i);
      }
    }
  }

  private double again(EventStream events, long stream, long position) {
    events.block(position, stream);
    long uniform = events.word(1);
    long boost = events.word(2);
    double number = number(normal(events.word(0), events, stream + 1, position), uniform, boost);
    return number >= 0 ? number : again(events, stream + 2, position);
  }

  /** NaN where the attempt fails. */
  private double number(double normal, long uniform, long boost) {
    double cubed = 1 + c * normal;
    double v = cubed * cubed * cubed;
    if (!(v > 0)) {
      return Double.NaN;
    }
    double u = Philox.unitOpenClosed(uniform);
    double square = normal * normal;
    return u < 1 - 0.0331 * square * square
            || EventStream.log(u) < 0.5 * square + d * (1 - v + EventStream.log(v))
        ? d * v / shape * (shape < 1 ? power(Philox.unitOpenClosed(boost)) : 1)
        : Double.NaN;
  }

  /** u to the power of 1 / shape. */
  private double power(double u) {
    return Exponential.of(EventStream.log(u) / shape);
  }

  /**
   * NaN where the ziggurat has to be tried again.
   *
   * @param more a stream of further words
   */
  private static double normal(long word, EventStream events, long more, long position) {
    int layer = (int) word & (LAYERS - 1);
    double x = (word >> 11) * 0x1p-52 * WIDTHS[layer]; // of the other bits, with a sign
    double beyond = Math.abs(x);
    if (beyond < WIDTHS[layer + 1]) {
      return x;
    }
    if (layer == 0) {
      return Math.copySign(tail(events, more, position), x);
    }
    events.block(position, more);
    double y = Philox.unitClosedOpen(events.word(0));
    double at = HEIGHTS[layer] + y * (HEIGHTS[layer + 1] - HEIGHTS[layer]);
    return at < height(x) ? x : Double.NaN;
  }

  /** A normal number above {@link #TAIL}. */
  private static double tail(EventStream events, long stream, long position) {
    for (long attempt = 0; ; attempt++) {
      events.block(position, stream + (attempt << 16));
      double x = EventStream.exponential(events.word(0)) / TAIL;
      double y = EventStream.exponential(events.word(1));
      if (2 * y > x * x) {
        return TAIL + x;
      }
    }
  }
}
