package org.bitquake.jobs.figure;

import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;

/**
 * One estimated accuracy: a row of the {@code cells} table as a figure needs it.
 *
 * @param network name of the network
 * @param kind label of the fault kind, such as {@code bit-flip}
 * @param rate fraction of faulty memory cells, 0 to 1
 * @param accuracy estimated mean accuracy, a fraction; an unbiased estimate may lie a little
 *     outside 0 … 1
 * @param halfWidth half of its confidence interval, a fraction; empty where none is known
 */
public record CellPoint(
    String network, String kind, double rate, double accuracy, OptionalDouble halfWidth) {
  public CellPoint {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate must be in 0 … 1: " + rate);
    }
    if (!Double.isFinite(accuracy)) {
      throw new IllegalArgumentException("accuracy must be finite: " + accuracy);
    }
    if (halfWidth.isPresent() && !(halfWidth.getAsDouble() >= 0)) {
      throw new IllegalArgumentException("half width must not be negative: " + halfWidth);
    }
  }

  /** The rows of the {@code cells} table that have an accuracy. */
  public static List<CellPoint> from(List<Row> cells) {
    return cells.stream()
        .filter(cell -> cell.getAs("accuracy") != null)
        .map(CellPoint::point)
        .toList();
  }

  private static CellPoint point(Row cell) {
    Double halfWidth = cell.getAs("half_width");
    return new CellPoint(
        cell.getAs("network"),
        cell.getAs("kind"),
        cell.<Double>getAs("rate"),
        cell.<Double>getAs("accuracy"),
        halfWidth == null ? OptionalDouble.empty() : OptionalDouble.of(halfWidth));
  }

  /** Lower end of the interval, within 0 … 1. */
  double low() {
    return Math.min(1, Math.max(0, accuracy - halfWidth.orElse(0)));
  }

  /** Upper end of the interval, within 0 … 1. */
  double high() {
    return Math.min(1, Math.max(0, accuracy + halfWidth.orElse(0)));
  }
}
