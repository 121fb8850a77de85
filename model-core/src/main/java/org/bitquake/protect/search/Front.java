package org.bitquake.protect.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The designs that are cheapest for their harm if the harm of layers adds up: the Pareto front of a
 * multiple-choice knapsack, made layer by layer. Of points that lie closer together in harm than
 * {@link #RESOLUTION} the cheapest stays, so it is exact up to that share of the harm of all layers
 * for each layer.
 */
final class Front {
  private static final double RESOLUTION = 1.0 / 4096;
  private static final Comparator<Point> BY_COST =
      Comparator.comparingDouble(Point::area).thenComparingDouble(Point::harm);

  private final List<Point> points;

  /**
   * What can be done for a layer.
   *
   * @param layer of which design
   * @param area that it adds
   * @param harm that is left, in accuracy
   */
  record Option(Design layer, double area, double harm) {}

  /** A design with the sums over its layers. */
  record Point(Design design, double area, double harm) {}

  private Front(List<Point> points) {
    this.points = points;
  }

  /**
   * The front.
   *
   * @param bare design of the encoding
   * @param options of each layer, at least one
   */
  static Front of(Design bare, List<List<Option>> options) {
    double all =
        options.stream()
            .mapToDouble(its -> its.stream().mapToDouble(Option::harm).max().orElseThrow())
            .sum();
    List<Point> points = List.of(new Point(bare, 0, 0));
    for (int layer = 0; layer < options.size(); layer++) {
      List<Point> next = new ArrayList<>();
      for (var point : points) {
        for (var option : options.get(layer)) {
          next.add(
              new Point(
                  point.design().withLayer(layer, option.layer()),
                  point.area() + option.area(),
                  point.harm() + option.harm()));
        }
      }
      points = undominated(next, all * RESOLUTION);
    }
    return new Front(points);
  }

  private static List<Point> undominated(List<Point> points, double step) {
    points.sort(BY_COST);
    List<Point> kept = new ArrayList<>();
    for (var point : points) {
      double least = kept.isEmpty() ? Double.POSITIVE_INFINITY : kept.get(kept.size() - 1).harm();
      // The last bit of harm is worth a point of its own, however little it is.
      if (point.harm() < least - step || (point.harm() == 0 && least > 0)) {
        kept.add(point);
      }
    }
    return kept;
  }

  /** By area, ascending; their harm falls. */
  List<Point> points() {
    return points;
  }

  /** The first point with no more harm than this; the last one if all have more. */
  int at(double harm) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).harm() <= harm) {
        return i;
      }
    }
    return points.size() - 1;
  }
}
