package org.bitquake.fault.pattern;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.math3.util.FastMath;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.EventStream;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultSource;
import org.bitquake.memory.MemoryLayout;

/**
 * Multiple-cell upsets: a shape k of area m_k starts at each cell of an array, and wraps at its
 * edges, with probability q · s_k, independently of all others. q solves 1 − Π_k (1 − q · s_k)^m_k
 * = rate. Marks are values of q.
 *
 * @param shapes with shares that sum to 1
 */
public record Clusters(List<Shape> shapes) implements FaultPattern {
  private static final long STREAM = 1L << 32;
  private static final double ROUNDING = 1e-9;
  private static final int HALVINGS = 200;

  /** Dividing a mark by its share must not lose what rounding moves below the mark drawn. */
  private static final double SLACK = 1 + 0x1p-50;

  /**
   * A rectangle of cells.
   *
   * @param share of the events, above 0
   */
  public record Shape(int rows, int columns, double share) {
    public static final int LARGEST = 1024;

    public Shape {
      if (rows < 1 || columns < 1 || rows > LARGEST || columns > LARGEST) {
        throw new IllegalArgumentException(
            Text.of("a shape of %d×%d cells; give 1 to %d of each", rows, columns, LARGEST));
      }
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            Text.of("the share of %d×%d is %s; give one above 0", rows, columns, share));
      }
    }

    int area() {
      return rows * columns;
    }
  }

  public Clusters {
    shapes = List.copyOf(shapes);
    double sum = shapes.stream().mapToDouble(Shape::share).sum();
    if (!(Math.abs(sum - 1) <= ROUNDING)) {
      throw new IllegalArgumentException(Text.of("the shares of cluster sum to %s, not to 1", sum));
    }
  }

  @Override
  public String label() {
    return shapes.stream()
        .map(s -> Text.of("%dx%d: %s", s.rows(), s.columns(), s.share()))
        .collect(Collectors.joining(", ", "cluster: {", "}"));
  }

  @Override
  public void requireFits(int rows, int columns) {
    for (var shape : shapes) {
      if (shape.rows() > rows || shape.columns() > columns) {
        throw new IllegalArgumentException(
            Text.of(
                "a shape of %dx%d cells is larger than an array of %dx%d",
                shape.rows(), shape.columns(), rows, columns));
      }
    }
  }

  @Override
  public double rate(double mark) {
    double sound = 0; // the logarithm of its probability
    for (var shape : shapes) {
      sound += shape.area() * FastMath.log1p(-Math.min(1, mark * shape.share()));
    }
    return -FastMath.expm1(sound);
  }

  /** By bisection. */
  @Override
  public double mark(double rate) {
    double low = 0;
    double high = 1 / shapes.stream().mapToDouble(Shape::share).max().orElse(1);
    if (rate <= 0) {
      return 0;
    }
    if (rate >= 1) {
      return high;
    }
    for (int i = 0; i < HALVINGS && low < high; i++) {
      double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) {
        break;
      }
      if (rate(middle) < rate) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * @throws InputException if a shape does not fit an array: it would cover cells twice
   */
  @Override
  public FaultSource source(long seed, MemoryLayout memory, FaultScope scope) {
    int rows = memory.storage().rows();
    for (var shape : shapes) {
      if (shape.rows() > rows || shape.columns() > memory.columns()) {
        throw new InputException(
            Text.of(
                "cluster: a shape of %dx%d cells does not fit an array of %dx%d; give smaller shapes or larger arrays",
                shape.rows(), shape.columns(), rows, memory.columns()));
      }
    }
    return FaultPattern.super.source(seed, memory, scope);
  }

  @Override
  public void draw(EventStream events, MemoryLayout memory, double mark, Addresses out) {
    int rows = memory.storage().rows();
    int columns = memory.columns();
    long places = memory.places();
    boolean few = places <= Integer.MAX_VALUE; // which are divided in half the time
    for (int k = 0; k < shapes.size(); k++) {
      var shape = shapes.get(k);
      events.below(
          Math.min(1, mark * shape.share() * SLACK),
          STREAM + k,
          places,
          (at, its) -> {
            long line = few ? (int) at / columns : at / columns;
            int column = (int) (at - line * columns);
            int row = few ? (int) line % rows : (int) (line % rows);
            cover(shape, line - row, row, column, memory, its / shape.share(), out);
          });
    }
  }

  private static void cover(
      Shape shape,
      long firstRow,
      int row,
      int column,
      MemoryLayout memory,
      double mark,
      Addresses out) {
    int rows = memory.storage().rows();
    int columns = memory.columns();
    for (int down = 0; down < shape.rows(); down++) {
      int its = row + down < rows ? row + down : row + down - rows;
      for (int across = 0; across < shape.columns(); across++) {
        int beside = column + across < columns ? column + across : column + across - columns;
        out.faulty(firstRow + its, beside, mark);
      }
    }
  }
}
