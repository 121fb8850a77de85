package org.bitquake.protect.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bitquake.fault.Encoding;
import org.bitquake.protect.Part;
import org.bitquake.protect.search.Front.Option;
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
  /** Of designs that pass for now: standard errors above the target. */
  private static final double PASSES = 1;

  /** Of designs that will hold whatever luck they had. */
  private static final double SAFE = 4;

  private static final int POINTS_AT_ONCE = 5;
  private static final int MOST_ROUNDS = 8;
  private static final int MOST_TRIMS = 12;
  private static final int REFINED = 8;
  private static final int REFINED_TRIALS = 4;

  private final DesignSpace space;
  private final double clean;
  private final double target;
  private final long trials;
  private final int images;
  private final Meter meter;
  private final Consumer<Step> log;
  private final Map<Design, Measured> known = new LinkedHashMap<>();

  /** In what is known so far, how much harm makes a loss that the target allows, at most. */
  private static final double MOST_RATIO = 4;

  /** How wrong that may be. */
  private static final double CAUTION = 1.25;

  private final Map<Encoding, Layers> layers = new LinkedHashMap<>();

  /**
   * What is known of the layers in one encoding.
   *
   * @param harm of faults in one bit of one layer alone, 0 at least, {@code [layer][bit]}
   * @param options of what can be done for each layer
   */
  private record Layers(double[][] harm, List<List<Option>> options) {
    /** The harm that is left in a layer of a design. */
    double left(Design design, int layer) {
      for (var option : options.get(layer)) {
        if (design.withLayer(layer, option.layer()).equals(design)) {
          return option.harm();
        }
      }
      return IntStream.range(0, design.bits(layer))
          .filter(bit -> design.technique(layer, bit) == Design.NONE)
          .mapToDouble(bit -> harm[layer][bit])
          .sum();
    }

    double left(Design design) {
      return IntStream.range(0, harm.length).mapToDouble(layer -> left(design, layer)).sum();
    }
  }

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
    this.clean = clean;
    this.target = target;
    this.trials = trials;
    this.images = images;
    this.meter = meter;
    this.log = log;
  }

  /** Runs it; returns what it measured of designs that are allowed, in the order of measuring. */
  public List<Measured> run() {
    var encodings = encodings();
    double budget = Math.max(0, clean - target);
    encodings.sort(Comparator.comparingDouble(encoding -> price(encoding, budget)));
    uniform(encodings.get(0));
    for (var encoding : encodings) {
      double most = best().map(its -> its.cost().area()).orElse(Double.POSITIVE_INFINITY);
      boolean first = encoding == encodings.get(0);
      if (first || price(encoding, CAUTION * ratio() * budget) < most) {
        addCodes(encoding);
        front(encoding);
      }
    }
    trim();
    refine();
    return allowed();
  }

  // What is measured

  private List<Measured> measure(Phase phase, Collection<Design> designs) {
    return measure(phase, designs, 0, trials);
  }

  private List<Measured> measure(Phase phase, Collection<Design> designs, long from, long to) {
    var missing =
        designs.stream()
            .distinct()
            .filter(design -> tally(design).trials() + tally(design).failedTrials() <= from)
            .filter(design -> !space.isPerfect(design))
            .toList();
    var more = missing.isEmpty() ? List.<DifferenceTally>of() : meter.measure(missing, from, to);
    for (var design : designs) {
      int i = missing.indexOf(design);
      var tally = i < 0 ? tally(design) : tally(design).merge(more.get(i));
      known.put(design, new Measured(design, space.cost(design), tally, clean));
    }
    var all = designs.stream().distinct().map(known::get).toList();
    log.accept(new Step(phase, all, best().map(Measured::design).stream().toList()));
    return all;
  }

  private DifferenceTally tally(Design design) {
    var its = known.get(design);
    return its == null ? DifferenceTally.empty(images) : its.tally();
  }

  private List<Measured> allowed() {
    return known.values().stream().filter(its -> isAllowed(its.design())).toList();
  }

  private boolean isAllowed(Design design) {
    return !space.isDiagnosis(design) && space.cost(design).area() <= space.mostArea();
  }

  /** The cheapest that passes for now. */
  private Optional<Measured> best() {
    return cheapest(allowed(), target, PASSES);
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

  // The encodings

  /** Those in which faults do different things. */
  private List<Encoding> encodings() {
    List<Encoding> different = new ArrayList<>();
    Set<DifferenceTally> tallies = new LinkedHashSet<>();
    for (var encoding : space.encodings()) {
      var bare = measure(Phase.ENCODINGS, List.of(space.bare(encoding))).get(0);
      if (tallies.add(bare.tally())) { // in another one of the same tally, faults do the same
        different.add(encoding);
      }
    }
    for (var encoding : different) {
      double[][] harms = harms(encoding);
      layers.put(encoding, new Layers(harms, bitOptions(encoding, harms)));
    }
    return different;
  }

  /** The area at which little enough harm is left; where it never is, by what is: more than any. */
  private double price(Encoding encoding, double budget) {
    var front = Front.of(space.bare(encoding), layers.get(encoding).options());
    var point = front.points().get(front.at(budget));
    return point.harm() <= budget ? point.area() : 1e6 * (1 + point.harm());
  }

  /** How many times its loss the summed harm of the best design is. */
  private double ratio() {
    return best()
        .filter(its -> its.loss() > 0)
        .map(its -> layers.get(its.design().encoding()).left(its.design()) / its.loss())
        .map(its -> Math.max(1, Math.min(MOST_RATIO, its)))
        .orElse(1.0);
  }

  /** What faults do that fall into one bit of one layer alone, 0 at least. */
  private double[][] harms(Encoding encoding) {
    var bare = space.bare(encoding);
    var spared = bare.withRest(DesignSpace.SPARED);
    List<Design> designs = new ArrayList<>();
    for (int layer = 0; layer < bare.layers(); layer++) {
      for (int bit = 0; bit < bare.bits(layer); bit++) {
        designs.add(spared.with(layer, bit, Design.NONE));
      }
    }
    var measured = measure(Phase.HARM, designs).iterator();
    double[][] harms = new double[bare.layers()][];
    for (int layer = 0; layer < harms.length; layer++) {
      harms[layer] = new double[bare.bits(layer)];
      for (int bit = 0; bit < harms[layer].length; bit++) {
        harms[layer][bit] = Math.max(0, measured.next().loss());
      }
    }
    return harms;
  }

  // What can be done for a layer

  /** The bits that do the most harm protected, for each number of bits. */
  private List<List<Option>> bitOptions(Encoding encoding, double[][] harms) {
    List<List<Option>> all = new ArrayList<>();
    int technique = bitwise();
    for (int layer = 0; layer < harms.length; layer++) {
      double[] its = harms[layer];
      var order =
          IntStream.range(0, its.length)
              .boxed()
              .sorted(Comparator.comparingDouble(bit -> -its[bit]))
              .toList();
      var design = space.bare(encoding);
      double left = IntStream.range(0, its.length).mapToDouble(bit -> its[bit]).sum();
      List<Option> options = new ArrayList<>(List.of(new Option(design, 0, left)));
      for (int i = 0; i < order.size() && technique != Design.NONE; i++) {
        int bit = order.get(i);
        design = design.with(layer, bit, technique);
        left = i + 1 == order.size() ? 0 : Math.max(0, left - its[bit]);
        options.add(new Option(design, space.cost(design).area(), left));
      }
      all.add(options);
    }
    return all;
  }

  /**
   * The cheapest technique of single bits, which is taken to leave no harm; measuring will tell.
   */
  private int bitwise() {
    int best = Design.NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < space.techniques().size(); i++) {
      var part = space.techniques().get(i);
      if (part instanceof Part.Harden || (part instanceof Part.Checked c && c.word() == 1)) {
        double area = space.cost(everywhere(i)).area();
        if (area < least) {
          best = i;
          least = area;
        }
      }
    }
    return best;
  }

  private Design everywhere(int technique) {
    return space.bare(space.encodings().get(0)).withRest(technique);
  }

  /** Codes over a layer, or over its most harmful bit, where they cost less than that. */
  private void addCodes(Encoding encoding) {
    var its = layers.get(encoding);
    var spared = space.bare(encoding).withRest(DesignSpace.SPARED);
    List<List<Option>> all = new ArrayList<>();
    its.options().forEach(options -> all.add(new ArrayList<>(options)));
    Map<Design, Integer> layerOf = new LinkedHashMap<>();
    for (int layer = 0; layer < all.size(); layer++) {
      for (var design : coded(encoding, layer)) {
        layerOf.put(design, layer);
      }
    }
    List<Design> alone = new ArrayList<>();
    layerOf.forEach((design, layer) -> alone.add(spared.withLayer(layer, design)));
    if (alone.isEmpty()) {
      return;
    }
    var measured = measure(Phase.HARM, alone).iterator();
    layerOf.forEach(
        (design, layer) -> {
          double left = Math.max(0, measured.next().loss());
          all.get(layer).add(new Option(design, space.cost(design).area(), left));
        });
    layers.put(encoding, new Layers(its.harm(), all));
  }

  private List<Design> coded(Encoding encoding, int layer) {
    var bare = space.bare(encoding);
    double[][] harm = layers.get(encoding).harm();
    int bits = bare.bits(layer);
    int top =
        IntStream.range(0, bits)
            .boxed()
            .max(Comparator.comparingDouble(bit -> harm[layer][bit]))
            .orElseThrow();
    double all = IntStream.range(0, bits).mapToDouble(bit -> harm[layer][bit]).sum();
    List<Design> designs = new ArrayList<>();
    for (int i = 0; all > 0 && i < space.techniques().size(); i++) {
      var part = space.techniques().get(i);
      boolean wholeWeights = part instanceof Part.Remap;
      if (part instanceof Part.Harden || (part instanceof Part.Checked c && c.word() == 1)) {
        continue;
      }
      var whole = cover(bare, layer, 0, bits, i);
      if (isWorth(whole, layer, 0, bits)) {
        designs.add(whole);
      }
      var one = cover(bare, layer, top, top + 1, i);
      if (!wholeWeights && isWorth(one, layer, top, top + 1)) {
        designs.add(one);
      }
    }
    return designs;
  }

  private static Design cover(Design design, int layer, int first, int end, int technique) {
    var its = design;
    for (int bit = first; bit < end; bit++) {
      its = its.with(layer, bit, technique);
    }
    return its;
  }

  /** Cells that cannot fail are better than a code; so it must cost less than they would. */
  private boolean isWorth(Design coded, int layer, int first, int end) {
    int hard = bitwise();
    return hard == Design.NONE
        || !(space.part(hard) instanceof Part.Harden)
        || space.cost(coded).area()
            < space.cost(cover(space.bare(coded.encoding()), layer, first, end, hard)).area();
  }

  // The designs

  private void uniform(Encoding encoding) {
    var bare = space.bare(encoding);
    Set<Design> designs = new LinkedHashSet<>();
    for (int i = 0; i < space.techniques().size(); i++) {
      designs.add(bare.withRest(i));
    }
    int technique = bitwise();
    int most = IntStream.range(0, bare.layers()).map(bare::bits).max().orElseThrow();
    for (int kept = 1; kept < most && technique != Design.NONE; kept++) {
      var design = bare;
      for (int layer = 0; layer < bare.layers(); layer++) {
        int bits = bare.bits(layer);
        design = cover(design, layer, Math.max(0, bits - kept), bits, technique);
      }
      designs.add(design);
    }
    measure(Phase.UNIFORM, designs.stream().filter(this::isAllowed).toList());
  }

  /** Measures points of the front until one that passes lies next to one that does not. */
  private void front(Encoding encoding) {
    var points =
        Front.of(space.bare(encoding), layers.get(encoding).options()).points().stream()
            .filter(point -> isAllowed(point.design()))
            .toList();
    double budget = Math.max(0, clean - target);
    Set<Integer> seen = new LinkedHashSet<>();
    Set<Integer> wanted = new LinkedHashSet<>();
    for (double share : new double[] {2, 1.4, 1, 0.7, 0.4}) {
      wanted.add(at(points, share * budget));
    }
    for (double share : new double[] {0.75, 0.5, 0.25}) { // to be seen, and where none passes
      wanted.add(at(points, share * points.get(0).harm()));
    }
    for (int round = 0; round < MOST_ROUNDS && !wanted.isEmpty(); round++) {
      measure(Phase.FRONT, wanted.stream().sorted().map(i -> points.get(i).design()).toList());
      seen.addAll(wanted);
      wanted = new LinkedHashSet<>(next(points, seen, PASSES));
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
            .filter(i -> known.get(points.get(i).design()).reaches(target, errors))
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
      var best = best();
      if (best.isEmpty()) {
        return;
      }
      double slack = best.get().accuracy() - target + best.get().error();
      var cheaper =
          neighbours(best.get().design()).entrySet().stream()
              .filter(its -> its.getValue() <= slack)
              .map(Map.Entry::getKey)
              .filter(design -> !known.containsKey(design))
              .filter(design -> space.cost(design).area() < best.get().cost().area())
              .sorted(Comparator.comparingDouble(design -> space.cost(design).area()))
              .limit(MOST_TRIMS)
              .toList();
      if (cheaper.isEmpty()) {
        return;
      }
      measure(Phase.TRIM, cheaper);
      if (best().orElseThrow().design().equals(best.get().design())) {
        return;
      }
    }
  }

  /** What else one layer could have, and how much more harm that would do. */
  private Map<Design, Double> neighbours(Design design) {
    var its = layers.get(design.encoding());
    Map<Design, Double> all = new LinkedHashMap<>();
    for (int layer = 0; layer < design.layers(); layer++) {
      double now = its.left(design, layer);
      for (var option : its.options().get(layer)) {
        all.put(design.withLayer(layer, option.layer()), option.harm() - now);
      }
      for (int bit = 0; bit < design.bits(layer); bit++) {
        all.put(design.with(layer, bit, Design.NONE), its.harm()[layer][bit]);
      }
    }
    all.remove(design);
    return all;
  }

  /** More trials, so that the luck of the cheapest does not decide. */
  private void refine() {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      double most = best().map(its -> its.cost().area()).orElse(Double.POSITIVE_INFINITY);
      var near =
          allowed().stream()
              .filter(its -> its.tally().trials() > 0 && its.cost().area() <= most)
              .filter(its -> its.tally().trials() + its.tally().failedTrials() <= trials)
              .filter(its -> its.reaches(target, -PASSES))
              .sorted(Comparator.comparingDouble(its -> -its.cost().area()))
              .limit(REFINED)
              .map(Measured::design)
              .toList();
      if (near.isEmpty()) {
        return;
      }
      measure(Phase.REFINE, near, trials, REFINED_TRIALS * trials);
    }
  }

  /** The cheapest with so many standard errors to spare, for few, some and many; each once. */
  public static List<Measured> finalists(List<Measured> measured, double target) {
    Set<Measured> finalists = new LinkedHashSet<>();
    for (double errors : new double[] {PASSES, 2 * PASSES, SAFE}) {
      cheapest(measured, target, errors).ifPresent(finalists::add);
    }
    return List.copyOf(finalists);
  }
}
