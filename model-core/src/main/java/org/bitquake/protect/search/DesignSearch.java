package org.bitquake.protect.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bitquake.fault.Encoding;
import org.bitquake.protect.search.Step.Phase;
import org.bitquake.stats.DifferenceTally;

/**
 * The search for the cheapest design of one network whose accuracy reaches a target.
 *
 * <p>It learns what faults in each bit of each layer do alone, in each encoding; takes the sum for
 * what they do together; makes the {@linkplain Front front} of designs that are cheapest for that
 * sum; and measures designs of the front, closing in on the target, so that a sum that is wrong
 * leads to another point of the front and never to a wrong result. Then it tries to take something
 * away from the best, and looks closer at what is cheap and near the target. All designs see the
 * same faults and images. What it does next follows from the tallies alone, so a search that was
 * interrupted goes on as if it had not been.
 */
public final class DesignSearch {
  /** Of designs that will hold whatever luck they had: standard errors above the target. */
  private static final double SAFE = 4;

  /** How many times its loss the summed harm of a design may be, at most. */
  private static final double MOST_RATIO = 4;

  /** How wrong that may be in another encoding. */
  private static final double CAUTION = 1.25;

  private static final int POINTS_AT_ONCE = 5;
  private static final int MOST_ROUNDS = 8;
  private static final int MOST_TRIMS = 12;
  private static final int REFINED = 8;
  private static final int REFINED_TRIALS = 4;

  private final DesignSpace space;
  private final double budget;
  private final double target;
  private final long trials;
  private final Measurements measurements;
  private final Map<Encoding, LayerOptions> layers = new LinkedHashMap<>();

  /**
   * @param clean accuracy without faults, 0…1
   * @param target accuracy, 0…1
   * @param trials of each design, at least 2
   * @param images of a trial
   * @param log told each step when it is done
   */
  public DesignSearch(
      DesignSpace space,
      double clean,
      double target,
      long trials,
      int images,
      Meter meter,
      Consumer<Step> log) {
    this.space = space;
    this.budget = Math.max(0, clean - target);
    this.target = target;
    this.trials = trials;
    this.measurements = new Measurements(space, clean, target, trials, images, meter, log);
  }

  /** Runs it; returns what it measured of designs that are allowed, in the order of measuring. */
  public List<Measured> run() {
    var encodings = encodings();
    encodings.sort(Comparator.comparingDouble(encoding -> price(encoding, budget)));
    uniform(encodings.get(0));
    for (var encoding : encodings) {
      boolean first = encoding == encodings.get(0);
      if (first || price(encoding, CAUTION * ratio() * budget) < leastArea()) {
        layers.get(encoding).addCodes(measurements);
        front(encoding);
      }
    }
    trim();
    refine();
    return measurements.allowed();
  }

  private double leastArea() {
    return measurements.best().map(its -> its.cost().area()).orElse(Double.POSITIVE_INFINITY);
  }

  /** Encodings in which faults do different things. */
  private List<Encoding> encodings() {
    List<Encoding> different = new ArrayList<>();
    Set<DifferenceTally> tallies = new LinkedHashSet<>();
    for (var encoding : space.encodings()) {
      var bare = measurements.measure(Phase.ENCODINGS, List.of(space.bare(encoding))).get(0);
      if (tallies.add(bare.tally())) { // in another one of the same tally, faults do the same
        different.add(encoding);
      }
    }
    for (var encoding : different) {
      layers.put(encoding, LayerOptions.of(space, encoding, measurements));
    }
    return different;
  }

  /** The area at which little enough harm is left; where it never is, by what is: more than any. */
  private double price(Encoding encoding, double budget) {
    var front = layers.get(encoding).front();
    var point = front.points().get(front.at(budget));
    return point.harm() <= budget ? point.area() : 1e6 * (1 + point.harm());
  }

  /** How many times its loss the summed harm of the best design is. */
  private double ratio() {
    return measurements
        .best()
        .filter(its -> its.loss() > 0)
        .map(its -> layers.get(its.design().encoding()).left(its.design()) / its.loss())
        .map(its -> Math.max(1, Math.min(MOST_RATIO, its)))
        .orElse(1.0);
  }

  /** What one would do by hand. */
  private void uniform(Encoding encoding) {
    var bare = space.bare(encoding);
    Set<Design> designs = new LinkedHashSet<>();
    for (int i = 0; i < space.techniques().size(); i++) {
      designs.add(bare.withRest(i));
    }
    int technique = space.bitwise();
    int most = IntStream.range(0, bare.layers()).map(bare::bits).max().orElseThrow();
    for (int kept = 1; kept < most && technique != Design.NONE; kept++) {
      var design = bare;
      for (int layer = 0; layer < bare.layers(); layer++) {
        int bits = bare.bits(layer);
        design = design.with(layer, Math.max(0, bits - kept), bits, technique);
      }
      designs.add(design);
    }
    measurements.measure(
        Phase.UNIFORM,
        designs.stream().filter(its -> space.cost(its).area() <= space.mostArea()).toList());
  }

  /** Measures points of the front until one that passes lies next to one that does not. */
  private void front(Encoding encoding) {
    var points =
        layers.get(encoding).front().points().stream()
            .filter(point -> point.area() <= space.mostArea())
            .toList();
    Set<Integer> seen = new LinkedHashSet<>();
    Set<Integer> wanted = new LinkedHashSet<>();
    for (double share : new double[] {2, 1.4, 1, 0.7, 0.4}) {
      wanted.add(at(points, share * budget));
    }
    for (double share : new double[] {0.75, 0.5, 0.25}) { // to be seen, and where none passes
      wanted.add(at(points, share * points.get(0).harm()));
    }
    for (int round = 0; round < MOST_ROUNDS && !wanted.isEmpty(); round++) {
      measurements.measure(
          Phase.FRONT, wanted.stream().sorted().map(i -> points.get(i).design()).toList());
      seen.addAll(wanted);
      wanted = new LinkedHashSet<>(next(points, seen, Measurements.PASSES));
      wanted.addAll(next(points, seen, SAFE));
      wanted.removeAll(seen);
    }
  }

  private static int at(List<Front.Point> points, double harm) {
    return IntStream.range(0, points.size())
        .filter(i -> points.get(i).harm() <= harm)
        .findFirst()
        .orElse(points.size() - 1);
  }

  /** Points between the first that reaches the target and the last below it that does not. */
  private List<Integer> next(List<Front.Point> points, Set<Integer> seen, double errors) {
    int pass =
        seen.stream()
            .filter(i -> measurements.of(points.get(i).design()).reaches(target, errors))
            .min(Comparator.naturalOrder())
            .orElse(points.size());
    int fail = seen.stream().filter(i -> i < pass).max(Comparator.naturalOrder()).orElse(-1);
    double high = fail < 0 ? 2 * points.get(0).harm() : points.get(fail).harm();
    double low = pass == points.size() ? 0 : points.get(pass).harm();
    Set<Integer> between = new LinkedHashSet<>();
    for (int k = 1; k < POINTS_AT_ONCE; k++) {
      int i = at(points, high + k * (low - high) / POINTS_AT_ONCE);
      if (i > fail && i < pass) {
        between.add(i);
      }
    }
    if (pass == points.size() && fail < points.size() - 1) {
      between.add(points.size() - 1);
    }
    if (between.isEmpty() && pass - fail > 1) {
      between.add((pass + fail) / 2);
    }
    return List.copyOf(between);
  }

  /** Takes things away from the cheapest that passes, as long as the rest still does. */
  private void trim() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      var best = measurements.best();
      if (best.isEmpty()) {
        return;
      }
      double slack = best.get().accuracy() - target + best.get().error();
      var cheaper =
          layers
              .get(best.get().design().encoding())
              .neighbours(best.get().design())
              .entrySet()
              .stream()
              .filter(its -> its.getValue() <= slack)
              .map(Map.Entry::getKey)
              .filter(design -> !measurements.isKnown(design))
              .filter(design -> space.cost(design).area() < best.get().cost().area())
              .sorted(Comparator.comparingDouble(design -> space.cost(design).area()))
              .limit(MOST_TRIMS)
              .toList();
      if (cheaper.isEmpty()) {
        return;
      }
      measurements.measure(Phase.TRIM, cheaper);
      if (measurements.best().equals(best)) {
        return;
      }
    }
  }

  /** More trials, so that the luck of the cheapest does not decide. */
  private void refine() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      var unsure = measurements.unsure(REFINED);
      if (unsure.isEmpty()) {
        return;
      }
      measurements.measure(Phase.REFINE, unsure, trials, REFINED_TRIALS * trials);
    }
  }

  /** The cheapest with so many standard errors to spare, for few, some and many; each once. */
  public static List<Measured> finalists(List<Measured> measured, double target) {
    Set<Measured> finalists = new LinkedHashSet<>();
    for (double errors : new double[] {Measurements.PASSES, 2 * Measurements.PASSES, SAFE}) {
      Measurements.cheapest(measured, target, errors).ifPresent(finalists::add);
    }
    return List.copyOf(finalists);
  }
}
