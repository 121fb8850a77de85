package org.bitquake.fault;

import java.util.List;
import java.util.stream.Stream;
import org.bitquake.fault.pattern.Clusters;
import org.bitquake.fault.pattern.Clusters.Shape;
import org.bitquake.fault.pattern.Lines;
import org.bitquake.fault.pattern.WeakColumns;

/**
 * A pattern and the probability, by definition, that two cells of an array are both faulty. A new
 * pattern is a line in {@link #all}: every law is then tested on it.
 */
record KnownPattern(FaultPattern pattern, Joint joint) {

  /** The probability that two different cells of an array are both faulty. */
  @FunctionalInterface
  interface Joint {
    /**
     * For cells of an array of these rows and columns.
     *
     * @param rows of the array; the second cell lies {@code down} rows and {@code across} columns
     *     further than the first
     */
    double of(double rate, int rows, int columns, int down, int across);
  }

  static Stream<KnownPattern> all() {
    return Stream.of(
        new KnownPattern(CellPattern.INSTANCE, (rate, rows, columns, down, across) -> rate * rate),
        clusters(new Shape(1, 1, 1)),
        clusters(new Shape(1, 2, 1)),
        clusters(new Shape(2, 1, 0.3), new Shape(3, 2, 0.7)),
        clusters(new Shape(1, 1, 0.6), new Shape(1, 2, 0.2), new Shape(2, 2, 0.2)),
        weakColumns(0.1),
        weakColumns(0.5),
        weakColumns(1),
        weakColumns(4),
        weakColumns(1000),
        new KnownPattern(Lines.ROW, (rate, r, c, down, across) -> down == 0 ? rate : rate * rate),
        new KnownPattern(
            Lines.COLUMN, (rate, r, c, down, across) -> across == 0 ? rate : rate * rate),
        new KnownPattern(Lines.ARRAY, (rate, r, c, down, across) -> rate));
  }

  @Override
  public String toString() {
    return pattern.label();
  }

  /** 1 − 2 · P(one is sound) + P(both are): no shape starts where it covers either. */
  private static KnownPattern clusters(Shape... shapes) {
    return new KnownPattern(
        new Clusters(List.of(shapes)),
        (rate, rows, columns, down, across) -> {
          double q = intensity(rate, shapes);
          double sound = 1;
          for (var shape : shapes) {
            for (int row = 0; row < rows; row++) {
              for (int column = 0; column < columns; column++) {
                boolean covers =
                    covers(shape, row, column, 0, 0, rows, columns)
                        || covers(shape, row, column, down, across, rows, columns);
                sound *= covers ? 1 - q * shape.share() : 1;
              }
            }
          }
          return 1 - 2 * (1 - rate) + sound;
        });
  }

  private static boolean covers(
      Shape shape, int startRow, int startColumn, int row, int column, int rows, int columns) {
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < shape.columns(); j++) {
        if ((startRow + i) % rows == row && (startColumn + j) % columns == column) {
          return true;
        }
      }
    }
    return false;
  }

  /** q from its equation, by halving. */
  private static double intensity(double rate, Shape... shapes) {
    double low = 0;
    double high = 1 / Stream.of(shapes).mapToDouble(Shape::share).max().orElseThrow();
    for (int i = 0; i < 100; i++) {
      double q = (low + high) / 2;
      double sound = 1;
      for (var shape : shapes) {
        sound *= Math.pow(Math.max(0, 1 - q * shape.share()), shape.rows() * shape.columns());
      }
      if (1 - sound < rate) {
        low = q;
      } else {
        high = q;
      }
    }
    return high;
  }

  /** E[(1 − e^−λg)²] in a column, by the Laplace transform (1 + s / shape)^−shape of g. */
  private static KnownPattern weakColumns(double shape) {
    return new KnownPattern(
        new WeakColumns(shape),
        (rate, rows, columns, down, across) -> {
          double strength = shape * (Math.pow(1 - rate, -1 / shape) - 1);
          return across == 0
              ? 1 - 2 * (1 - rate) + Math.pow(1 + 2 * strength / shape, -shape)
              : rate * rate;
        });
  }
}
