package org.bitquake.protect.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bitquake.protect.search.Step.Phase;
import org.bitquake.stats.DifferenceTally;

/** All that a search has measured. */
final class Measurements {
  /** Of designs that pass for now: standard errors above the target. */
  static final double PASSES = 1;

  private final DesignSpace space;
  private final double clean;
  private final double target;
  private final long trials;
  private final int images;
  private final Meter meter;
  private final Consumer<Step> log;
  private final Map<Design, Measured> known = new LinkedHashMap<>();

  /** As {@link DesignSearch} has them. */
  Measurements(
      DesignSpace space,
      double clean,
      double target,
      long trials,
      int images,
      Meter meter,
      Consumer<Step> log) {
    this.space = space;
    this.clean = clean;
    this.target = target;
    this.trials = trials;
    this.images = images;
    this.meter = meter;
    this.log = log;
  }

  /** Designs with the first trials, those that have had them without more. */
  List<Measured> measure(Phase phase, Collection<Design> designs) {
    return measure(phase, designs, 0, trials);
  }

  /** Designs with trials up to a number, after those that they have had. */
  List<Measured> measure(Phase phase, Collection<Design> asked, long from, long to) {
    var designs = asked.stream().distinct().toList();
    var missing =
        designs.stream()
            .filter(design -> had(tally(design)) <= from)
            .filter(design -> !space.isPerfect(design))
            .toList();
    var more = missing.isEmpty() ? List.<DifferenceTally>of() : meter.measure(missing, from, to);
    for (var design : designs) {
      int i = missing.indexOf(design);
      var tally = i < 0 ? tally(design) : tally(design).merge(more.get(i));
      known.put(design, new Measured(design, space.cost(design), tally, clean));
    }
    var all = designs.stream().map(known::get).toList();
    log.accept(new Step(phase, all, best().map(Measured::design).stream().toList()));
    return all;
  }

  private DifferenceTally tally(Design design) {
    var its = known.get(design);
    return its == null ? DifferenceTally.empty(images) : its.tally();
  }

  private static long had(DifferenceTally tally) {
    return tally.trials() + tally.failedTrials();
  }

  boolean isKnown(Design design) {
    return known.containsKey(design);
  }

  /** What is known of a design that was measured. */
  Measured of(Design design) {
    return known.get(design);
  }

  /** Designs that may be chosen, in the order of measuring. */
  List<Measured> allowed() {
    return known.values().stream()
        .filter(its -> its.cost().area() <= space.mostArea() && !space.isDiagnosis(its.design()))
        .toList();
  }

  /** The cheapest that passes for now. */
  Optional<Measured> best() {
    return cheapest(allowed(), target, PASSES);
  }

  /** The dearest of those that cost no more than the best and may pass, and had few trials. */
  List<Design> unsure(int most) {
    double area = best().map(its -> its.cost().area()).orElse(Double.POSITIVE_INFINITY);
    return allowed().stream()
        .filter(its -> its.tally().trials() > 0 && had(its.tally()) <= trials)
        .filter(its -> its.cost().area() <= area && its.reaches(target, -PASSES))
        .sorted(Comparator.comparingDouble(its -> -its.cost().area()))
        .limit(most)
        .map(Measured::design)
        .toList();
  }

  /**
   * The cheapest that reaches a target with so many standard errors to spare; of equal ones the
   * most accurate.
   */
  static Optional<Measured> cheapest(List<Measured> of, double target, double errors) {
    return of.stream()
        .filter(its -> its.reaches(target, errors))
        .min(
            Comparator.comparingDouble((Measured its) -> its.cost().area())
                .thenComparing(its -> -its.accuracy()));
  }
}
