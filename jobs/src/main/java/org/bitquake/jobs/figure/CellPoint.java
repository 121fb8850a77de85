package org.bitquake.jobs.figure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.statistics.distribution.TDistribution;
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

  /**
   * The rows of the {@code cells} table that have an accuracy, and of networks and kinds without a
   * row of rate 0 the accuracy without faults.
   */
  public static List<CellPoint> from(List<Row> cells) {
    var known = cells.stream().filter(cell -> cell.getAs("accuracy") != null).toList();
    List<CellPoint> points = new ArrayList<>(known.stream().map(CellPoint::point).toList());
    Set<List<String>> without = new HashSet<>(); // faults: networks and kinds that have a point
    known.stream()
        .filter(cell -> cell.<Double>getAs("rate") == 0)
        .map(CellPoint::of)
        .forEach(without::add);
    for (Row cell : known) {
      if (without.add(of(cell))) {
        points.add(clean(cell));
      }
    }
    return points;
  }

  private static CellPoint clean(Row cell) {
    return new CellPoint(
        cell.getAs("network"),
        cell.getAs("kind"),
        0,
        cell.<Double>getAs("clean_accuracy"),
        OptionalDouble.of(0));
  }

  private static List<String> of(Row cell) {
    return List.of(cell.getAs("network"), cell.getAs("kind"));
  }

  /**
   * One point for each group of networks, kind and rate: the mean of its accuracies, with the 95 %
   * interval (Student's t) for the mean of all networks there could be; a network alone keeps its
   * own.
   *
   * @param group of a network
   */
  public static List<CellPoint> means(List<CellPoint> points, UnaryOperator<String> group) {
    Map<List<Object>, List<CellPoint>> cells = new LinkedHashMap<>();
    for (var point : points) {
      cells
          .computeIfAbsent(
              List.of(group.apply(point.network()), point.kind(), point.rate()),
              key -> new ArrayList<>())
          .add(point);
    }
    List<CellPoint> means = new ArrayList<>();
    cells.forEach((key, its) -> means.add(mean((String) key.get(0), its)));
    return means;
  }

  private static CellPoint mean(String group, List<CellPoint> its) {
    var first = its.get(0);
    if (its.size() == 1) {
      return new CellPoint(group, first.kind(), first.rate(), first.accuracy(), first.halfWidth());
    }
    var values = its.stream().mapToDouble(CellPoint::accuracy).toArray();
    double half =
        TDistribution.of(values.length - 1).inverseCumulativeProbability(0.975)
            * Math.sqrt(StatUtils.variance(values) / values.length);
    return new CellPoint(
        group, first.kind(), first.rate(), StatUtils.mean(values), OptionalDouble.of(half));
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
