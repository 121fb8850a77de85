package org.bitquake.fault.pattern;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.util.FastMath;
import org.bitquake.Text;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.Philox;
import org.bitquake.memory.MemoryLayout;

/**
 * Weak columns: the cells of a column fail independently with probability 1 − exp(−λ · g), where g
 * is drawn for each column from a Gamma law of mean 1. λ, which marks are values of, solves E[1 −
 * exp(−λ g)] = 1 − (1 + λ / shape)^−shape = rate. At small rates that is rate · g; unlike rate · g
 * it never exceeds 1, so nothing need be capped and made up for. A large shape is independent
 * cells.
 *
 * <p>The faults of an array are a Poisson process over cells × λ of intensity g, cut into bands of
 * λ; a cell's mark is its first point. Along a band, the hazard g · (band's width) is added up cell
 * by cell, and the next point lies where the sum has grown by an exponential number: so one number
 * gives the cell, and by what remains of it the mark.
 *
 * @param shape of the Gamma law; its variance is 1 / shape
 */
public record WeakColumns(double shape) implements FaultPattern {
  public static final double LEAST_SHAPE = 0.01;
  public static final double MOST_SHAPE = 1e6;

  private static final long STREAM = 5L << 32;
  private static final long GAMMA = 6L << 32;
  private static final double SQRT_2 = 1.4142135623730951;

  /** Bands of λ are [0, 2⁻¹⁶), [2⁻¹⁶, 2⁻¹⁵), … */
  private static final int FIRST = -16;

  private static final int LAST = 64;

  public WeakColumns {
    if (!(shape >= LEAST_SHAPE && shape <= MOST_SHAPE)) {
      throw new IllegalArgumentException(
          Text.of("the shape of columns, %s, is outside %s…%s", shape, LEAST_SHAPE, MOST_SHAPE));
    }
  }

  @Override
  public String label() {
    return Text.of("columns: {shape: %s}", shape);
  }

  @Override
  public double mark(double rate) {
    return rate >= 1
        ? Double.POSITIVE_INFINITY
        : shape * FastMath.expm1(-FastMath.log1p(-rate) / shape);
  }

  @Override
  public double rate(double mark) {
    return -FastMath.expm1(-shape * FastMath.log1p(mark / shape));
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    long columns = Math.multiplyExact(memory.arrays(), (long) memory.columns());
    double[] weakness = new double[Math.toIntExact(columns)];
    for (int column = 0; column < columns; column++) {
      weakness[column] = gamma(events, column);
    }
    for (int power = FIRST; power <= LAST; power++) {
      double low = power == FIRST ? 0 : FastMath.scalb(1.0, power - 1);
      double high = FastMath.scalb(1.0, power);
      if (low < mark) {
        new Walk(events, memory, out, power, low, high).through(weakness);
      }
    }
    if (mark == Double.POSITIVE_INFINITY) {
      for (int line = 0; line < columns; line++) {
        Lines.COLUMN.fail(line, memory, FastMath.scalb(1.0, LAST), out);
      }
    }
  }

  /** The way along all cells, column after column, in one band of λ. */
  private static final class Walk {
    private final EventStream events;
    private final MemoryLayout memory;
    private final Addresses out;
    private final long stream;
    private final double low;
    private final double width;
    private long block;
    private int used = 4;

    Walk(
        EventStream events, MemoryLayout memory, Addresses out, int band, double low, double high) {
      this.events = events;
      this.memory = memory;
      this.out = out;
      this.stream = STREAM + band - FIRST;
      this.low = low;
      this.width = high - low;
    }

    void through(double[] weakness) {
      int rows = memory.storage().rows();
      int columns = memory.columns();
      double left = exponential();
      for (int line = 0; line < weakness.length; line++) {
        double hazard = width * weakness[line];
        long first = (long) (line / columns) * rows;
        int column = line % columns;
        int row = 0;
        while (row < rows) {
          double misses = left / hazard;
          if (!(misses < rows - row)) { // also where a column is so strong that it has no hazard
            left -= (rows - row) * hazard;
            break;
          }
          int skip = (int) misses;
          double beyond = Math.max(0, Math.min(1, misses - skip));
          out.faulty(first + row + skip, column, low + beyond * width);
          row += skip + 1;
          left = exponential();
        }
        left = Math.max(0, left);
      }
    }

    private double exponential() {
      if (used == 4) {
        events.block(block++, stream);
        used = 0;
      }
      return EventStream.exponential(events.word(used++));
    }
  }

  /**
   * Gamma(shape) / shape: Marsaglia and Tsang, "A simple method for generating gamma variables",
   * ACM TOMS 26 (2000), with normal numbers by inversion. A function of (seed, trial, column).
   */
  private double gamma(EventStream events, long column) {
    double above = shape < 1 ? shape + 1 : shape;
    double d = above - 1 / 3.0;
    double c = 1 / FastMath.sqrt(9 * d);
    for (long attempt = 0; ; attempt++) {
      events.block(column, GAMMA + attempt);
      double x = SQRT_2 * Erf.erfInv(2 * Philox.unitOpen(events.word(0)) - 1);
      double cubed = 1 + c * x;
      double v = cubed * cubed * cubed;
      double u = Philox.unitOpenClosed(events.word(1));
      if (v > 0
          && (u < 1 - 0.0331 * x * x * x * x
              || FastMath.log(u) < 0.5 * x * x + d * (1 - v + FastMath.log(v)))) {
        double boost =
            shape < 1 ? FastMath.pow(Philox.unitOpenClosed(events.word(2)), 1 / shape) : 1;
        return d * v * boost / shape;
      }
    }
  }
}
