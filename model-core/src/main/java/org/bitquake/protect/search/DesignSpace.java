package org.bitquake.protect.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.protect.Part;
import org.bitquake.protect.ProtectedLayout;
import org.bitquake.protect.Protection;

/**
 * What a search may choose from, for one network in one memory.
 *
 * @param layers names of the weight layers
 * @param memory where the cells of the codes lie
 * @param scope cells that may fail at all
 * @param encodings that can hold the network's codes, the one in use first
 * @param techniques that are allowed, without layers and bits, which the search chooses
 * @param mostArea that a design may add, as a share of the area of the codes' cells
 */
public record DesignSpace(
    List<String> layers,
    MemoryLayout memory,
    FaultScope scope,
    List<Encoding> encodings,
    List<Part> techniques,
    double mostArea) {
  /** The technique of cells that cannot fail because a diagnosis says so, whatever that costs. */
  static final int SPARED = Byte.MAX_VALUE;

  private static final Part SPARE =
      new Part.Harden(Set.of(), Set.of(), Part.Harden.DEFAULT_AREA_FACTOR);

  public DesignSpace {
    layers = List.copyOf(layers);
    encodings = List.copyOf(encodings);
    techniques = List.copyOf(techniques);
  }

  /** No protection. */
  public Design bare(Encoding encoding) {
    return Design.bare(encoding, memory.bits());
  }

  /** Whether a cell may fail where nothing protects it. */
  boolean canFail(int layer, int bit) {
    return scope.contains(layer, bit);
  }

  /** Whether no cell can fail in it, so that accuracy is what it is without faults. */
  public boolean isPerfect(Design design) {
    return cells()
        .allMatch(cell -> !canFail(cell[0], cell[1]) || isHard(design.technique(cell[0], cell[1])));
  }

  /** Whether nothing is protected. */
  public boolean isBare(Design design) {
    return cells().allMatch(cell -> design.technique(cell[0], cell[1]) == Design.NONE);
  }

  /** Whether some cells do not fail because only the others are looked at: not to be had. */
  public boolean isDiagnosis(Design design) {
    return cells().anyMatch(cell -> design.technique(cell[0], cell[1]) == SPARED);
  }

  private boolean isHard(int technique) {
    return technique != Design.NONE && part(technique) instanceof Part.Harden;
  }

  private java.util.stream.Stream<int[]> cells() {
    return IntStream.range(0, layers.size())
        .boxed()
        .flatMap(l -> IntStream.range(0, memory.bits()[l]).mapToObj(b -> new int[] {l, b}));
  }

  /** A technique that the search can give to cells, or {@link #SPARED}. */
  Part part(int technique) {
    return technique == SPARED ? SPARE : techniques.get(technique);
  }

  /** Whether a technique protects single bits, each by itself. */
  boolean isBitwise(int technique) {
    var part = part(technique);
    return part instanceof Part.Harden || (part instanceof Part.Checked its && its.word() == 1);
  }

  /** The cheapest technique of single bits, or {@link Design#NONE}. */
  int bitwise() {
    int best = Design.NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < techniques.size(); i++) {
      double area = cost(bare(encodings.get(0)).withRest(i)).area();
      if (isBitwise(i) && area < least) {
        best = i;
        least = area;
      }
    }
    return best;
  }

  /** What it costs. */
  public ProtectedLayout.Cost cost(Design design) {
    return ProtectedLayout.of(protection(design, "design"), layers, memory).cost();
  }

  /** The protection of a design, with parts for all layers that are alike. */
  public Protection protection(Design design, String name) {
    List<Part> parts = new ArrayList<>();
    groups(design)
        .forEach(
            (technique, byBits) ->
                byBits.forEach((bits, its) -> parts.add(part(technique).of(its, bits))));
    return new Protection(name, parts);
  }

  /** By technique, the layers of each set of bits. */
  private Map<Integer, Map<Set<Integer>, Set<String>>> groups(Design design) {
    Map<Integer, Map<Set<Integer>, Set<String>>> groups = new TreeMap<>();
    for (int layer = 0; layer < design.layers(); layer++) {
      Map<Integer, Set<Integer>> bits = new TreeMap<>();
      for (int bit = 0; bit < design.bits(layer); bit++) {
        if (design.technique(layer, bit) != Design.NONE) {
          bits.computeIfAbsent(design.technique(layer, bit), t -> new TreeSet<>()).add(bit);
        }
      }
      String name = layers.get(layer);
      bits.forEach(
          (technique, its) ->
              groups
                  .computeIfAbsent(technique, t -> new LinkedHashMap<>())
                  .computeIfAbsent(its, b -> new LinkedHashSet<>())
                  .add(name));
    }
    return groups;
  }

  /**
   * In words, such as {@code harden conv1 conv2:23 fc1:3 + secded-32 fc2:012}: a technique, and the
   * layers that it protects, with their bits unless it is all of them. A diagnosis is {@code only}
   * what is looked at.
   */
  public String text(Design design) {
    return isDiagnosis(design) ? "only " + looked(design) : words(design);
  }

  private String looked(Design design) {
    List<String> words = new ArrayList<>();
    for (int layer = 0; layer < design.layers(); layer++) {
      int at = layer;
      var bits =
          IntStream.range(0, design.bits(layer))
              .filter(bit -> design.technique(at, bit) != SPARED)
              .boxed()
              .collect(Collectors.toCollection(TreeSet::new));
      if (!bits.isEmpty()) {
        words.add(
            layers.get(layer) + (bits.size() == design.bits(layer) ? "" : ":" + join("", bits)));
      }
    }
    var protection = words(bare(design.encoding()).withUnspared(design));
    String with = protection.equals(Protection.NONE.name()) ? "" : " with " + protection;
    return String.join(" ", words) + with;
  }

  private String words(Design design) {
    List<String> words = new ArrayList<>();
    groups(design)
        .forEach(
            (technique, byBits) ->
                words.add(
                    name(part(technique))
                        + byBits.entrySet().stream()
                            .map(its -> " " + text(its.getKey(), its.getValue()))
                            .collect(Collectors.joining())));
    return words.isEmpty() ? Protection.NONE.name() : String.join(" + ", words);
  }

  private String text(Set<Integer> bits, Set<String> its) {
    int all = memory.bits()[layers.indexOf(its.iterator().next())];
    String of = bits.size() == all ? "" : ":" + join("", bits);
    return its.size() == layers.size() && layers.size() > 1
        ? "all" + of
        : its.stream().map(layer -> layer + of).collect(Collectors.joining(" "));
  }

  private static String join(String between, Collection<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(between));
  }

  private static String name(Part part) {
    if (part instanceof Part.Remap remap && remap.by() != Part.Remap.By.WEIGHT) {
      return remap.label() + "-" + remap.by().label();
    }
    return part instanceof Part.Checked checked && checked.word() > 1
        ? checked.label() + "-" + checked.word()
        : part.label();
  }
}
