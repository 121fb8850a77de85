package org.bitquake.jobs.figure;

import java.util.List;
import org.apache.spark.sql.Row;

/**
 * One point of a loss landscape: a row of the {@code landscape} table as a figure needs it.
 *
 * @param kind {@code line} or {@code surface}
 * @param direction number of δ
 * @param beta 0 on a line
 * @param loss mean cross-entropy, nats
 * @param accuracy a fraction
 */
public record LandscapePoint(
    String network,
    String kind,
    long direction,
    double alpha,
    double beta,
    double loss,
    double accuracy) {
  static final String LINE = "line";
  static final String SURFACE = "surface";

  /** The rows of the {@code landscape} table. */
  public static List<LandscapePoint> from(List<Row> rows) {
    return rows.stream().map(LandscapePoint::point).toList();
  }

  private static LandscapePoint point(Row row) {
    Double beta = row.getAs("beta");
    return new LandscapePoint(
        row.getAs("network"),
        row.getAs("kind"),
        row.<Long>getAs("direction"),
        row.<Double>getAs("alpha"),
        beta == null ? 0 : beta,
        row.<Double>getAs("loss"),
        row.<Double>getAs("accuracy"));
  }

  /** The points of a kind; networks by name, so that each keeps its looks. */
  static List<String> networks(List<LandscapePoint> points) {
    return points.stream().map(LandscapePoint::network).distinct().sorted().toList();
  }

  static List<LandscapePoint> ofKind(List<LandscapePoint> points, String kind) {
    return points.stream().filter(point -> point.kind().equals(kind)).toList();
  }
}
