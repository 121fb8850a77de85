package org.bitquake.fault.pattern;

import org.apache.commons.math3.util.FastMath;
import org.bitquake.Text;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.memory.MemoryLayout;

/**
 * Weak columns: the cells of a column fail independently with probability 1 − exp(−λ · g), where g
 * is drawn for each column from a Gamma law of mean 1. λ, which marks are values of, solves E[1 −
 * exp(−λ g)] = 1 − (1 + λ / shape)^−shape = rate. At small rates that is rate · g; unlike rate · g
 * it never exceeds 1, so nothing need be capped and made up for. A large shape is independent
 * cells.
 *
 * <p>The faults of an array are a Poisson process over cells × λ of intensity g, cut into bands of
 * λ; a cell's mark is its first point. Along a band the cells lie one after another, each as long
 * as its column's g, and the next point is an exponential number over the band's width further: so
 * one number gives the cell, and by where in the cell it lies the mark.
 *
 * @param shape of the Gamma law; its variance is 1 / shape
 */
public record WeakColumns(double shape) implements FaultPattern {
  public static final double LEAST_SHAPE = 0.01;
  public static final double MOST_SHAPE = 1e6;

  private static final long STREAM = 5L << 32;
  private static final long GAMMA = 6L << 32;

  /**
   * Edges of the bands of λ: 0, 2⁻⁸ and on by quarter octaves to 1, for little is to be drawn in
   * vain at the rates people use; then by octaves.
   */
  private static final double[] EDGES = edges();

  private static final int FINE_BANDS = 33;

  /** Where λ · g is above this no cell has been spared: e⁻⁶⁴ is nothing to numbers of 53 bits. */
  private static final double SPENT = 64;

  public WeakColumns {
    if (!(shape >= LEAST_SHAPE && shape <= MOST_SHAPE)) {
      throw new IllegalArgumentException(
          Text.of("the shape of columns, %s, is outside %s…%s", shape, LEAST_SHAPE, MOST_SHAPE));
    }
  }

  private static double[] edges() {
    double[] edges = new double[FINE_BANDS + Double.MAX_EXPONENT + 1];
    double quarter = FastMath.sqrt(FastMath.sqrt(2));
    edges[FINE_BANDS] = 1;
    for (int i = FINE_BANDS - 1; i > 0; i--) {
      edges[i] = edges[i + 1] / quarter;
    }
    for (int i = FINE_BANDS + 1; i < edges.length; i++) {
      edges[i] = 2 * edges[i - 1];
    }
    return edges;
  }

  @Override
  public String label() {
    return Text.of("columns: {shape: %s}", shape);
  }

  /** Infinite where no number of this size is: at rate 1, and for shape 0.01 above 0.999. */
  @Override
  public double mark(double rate) {
    double mark = shape * FastMath.expm1(-FastMath.log1p(-rate) / shape);
    return mark < EDGES[EDGES.length - 1] ? mark : Double.POSITIVE_INFINITY;
  }

  @Override
  public double rate(double mark) {
    return -FastMath.expm1(-shape * FastMath.log1p(mark / shape));
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    int columns = Math.toIntExact(memory.arrays() * memory.columns());
    double[] weakness = new double[columns];
    new GammaLaw(shape).fill(events, GAMMA, weakness);
    double most = 0;
    double sum = 0;
    for (double its : weakness) {
      most = Math.max(most, its);
      sum += its;
    }
    for (int band = 0; band + 1 < EDGES.length && EDGES[band] < mark; band++) {
      if (!new Walk(events, memory, mark, out, band).through(weakness, most, sum)) {
        break;
      }
    }
    if (mark == Double.POSITIVE_INFINITY) {
      for (int line = 0; line < columns; line++) {
        Lines.COLUMN.fail(line, memory, Double.MAX_VALUE, out);
      }
    }
  }

  /** The way along all cells, column after column, in one band of λ. */
  private static final class Walk {
    /** Where a cell has so many points, all but the first are passed over. */
    private static final double STRONG = 0.25;

    private final EventStream events;
    private final int rows;
    private final int columns;
    private final Addresses out;
    private final long stream;
    private final double low;
    private final double width;
    private final double perWidth;

    /** The mark below which points are wanted. */
    private final double most;

    private final double[] steps = new double[EventStream.MOST_NUMBERS];
    private long block;
    private int drawn;
    private int used;

    /** Points that are expected from the next block on. */
    private double expected;

    Walk(EventStream events, MemoryLayout memory, double most, Addresses out, int band) {
      this.events = events;
      this.most = most;
      rows = memory.storage().rows();
      columns = memory.columns();
      this.out = out;
      stream = STREAM + band;
      low = EDGES[band];
      width = EDGES[band + 1] - low;
      perWidth = 1 / width;
    }

    /**
     * False where no column is left for this band, nor for any above it.
     *
     * @param weakest the largest weakness
     * @param sum of all
     */
    boolean through(double[] weakness, double weakest, double sum) {
      boolean spent = isSpent(weakest);
      boolean left = spent ? countLeft(weakness) : weakest > 0;
      if (!spent) {
        expected = rows * width * sum;
      }
      if (left) {
        walk(weakness, spent);
      }
      return left;
    }

    private boolean countLeft(double[] weakness) {
      boolean left = false;
      for (double its : weakness) {
        left |= its > 0 && !isSpent(its);
        expected += isSpent(its) ? 0 : rows * width * its;
      }
      return left;
    }

    private boolean isSpent(double its) {
      return low * its > SPENT;
    }

    /**
     * @param spent whether some columns are
     */
    private void walk(double[] weakness, boolean spent) {
      double height = rows;
      int line = 0;
      int array = 0; // its first column
      long top = 0; // and row
      double at = step(); // from the top of the column
      while (true) {
        for (double length = height * weakness[line];
            at >= length;
            length = height * weakness[line]) {
          at -= length;
          line++;
          if (line == weakness.length) {
            return;
          }
        }
        while (line - array >= columns) {
          array += columns;
          top += rows;
        }
        double its = weakness[line];
        double misses = at / its;
        int row = Math.min((int) misses, rows - 1); // which rounding may exceed
        double mark = low + Math.min(misses - row, 1) * width;
        if (spent && isSpent(its)) {
          at = height * its;
        } else if (mark < most) {
          out.faulty(top + row, line - array, mark);
        }
        if (width * its > STRONG) {
          at = Math.max(at, (row + 1) * its);
        }
        at += step();
      }
    }

    /** The way to the next point. */
    private double step() {
      if (used == drawn) {
        int ofBlock = EventStream.NUMBERS_OF_BLOCK;
        drawn = ofBlock * (int) Math.max(1, Math.min(steps.length, expected) / ofBlock);
        events.exponentials(block, drawn, stream, steps);
        block += drawn / ofBlock;
        expected -= drawn;
        used = 0;
      }
      return steps[used++] * perWidth;
    }
  }
}
