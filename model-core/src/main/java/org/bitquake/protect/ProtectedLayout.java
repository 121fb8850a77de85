package org.bitquake.protect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.fault.CellSet;
import org.bitquake.fault.FaultScope;
import org.bitquake.memory.MemoryLayout;
import org.bitquake.memory.Storage;

/**
 * A protection over one network's memory. Check bits lie in the rows of their words, in columns of
 * their own to the right of all data columns and in the same order, so data cells lie where they
 * lie without.
 */
public final class ProtectedLayout {
  private final MemoryLayout data;
  private final Optional<MemoryLayout> checks;
  private final List<WordChecks> words;
  private final List<FaultScope> hardened;
  private final Optional<CellSet> held;
  private final Map<Integer, Part.Remap.By> remapped;
  private final Cost cost;

  /**
   * What a protection costs.
   *
   * @param dataCells of the codes
   * @param checkCells that it adds: of check bits, and of choices of columns
   * @param hardenedCells of the data cells
   * @param addedArea of all that, in data cells
   */
  public record Cost(long dataCells, long checkCells, long hardenedCells, double addedArea) {
    /** Cells added, as a share of the data cells. */
    public double cells() {
      return (double) checkCells / dataCells;
    }

    /** Area added, as a share of the data cells'. */
    public double area() {
      return addedArea / dataCells;
    }
  }

  private ProtectedLayout(
      MemoryLayout data,
      Optional<MemoryLayout> checks,
      List<WordChecks> words,
      List<FaultScope> hardened,
      Optional<CellSet> held,
      Map<Integer, Part.Remap.By> remapped,
      Cost cost) {
    this.data = data;
    this.checks = checks;
    this.words = words;
    this.hardened = hardened;
    this.held = held;
    this.remapped = remapped;
    this.cost = cost;
  }

  /** Lays it over the memory of layers of one filter each. */
  public static ProtectedLayout of(Protection protection, List<String> names, MemoryLayout data) {
    int[] filters = new int[names.size()];
    Arrays.fill(filters, 1);
    return of(protection, names, filters, data);
  }

  /**
   * Lays it over a memory.
   *
   * @param names of the network's weight layers
   * @param filters of each of them
   * @throws IllegalArgumentException if two parts protect the same cell, or one names a layer, bit
   *     or cell that there is not, or words of a code do not fill one of the memory
   */
  public static ProtectedLayout of(
      Protection protection, List<String> names, int[] filters, MemoryLayout data) {
    requireKnown(protection, names, data);
    int[] weights = data.weights();
    int[] bits = data.bits();
    List<WordChecks> words = new ArrayList<>();
    List<FaultScope> hardened = new ArrayList<>();
    Map<Integer, Part.Remap.By> remapped = new HashMap<>();
    long dataCells = 0;
    long checkCells = 0;
    long hardenedCells = 0;
    double addedArea = 0;
    for (int layer = 0; layer < weights.length; layer++) {
      int[] cells = protection.partOf(names, layer, bits[layer]);
      var its =
          new WordChecks(
              protection.parts(), cells, data.codesPerWord(layer), data.storage().word());
      words.add(its);
      dataCells += (long) weights[layer] * bits[layer];
      checkCells += its.checks() * data.words(layer);
      Set<Integer> hard = new TreeSet<>();
      for (int bit = 0; bit < bits[layer]; bit++) {
        if (cells[bit] >= 0 && protection.parts().get(cells[bit]) instanceof Part.Harden part) {
          hard.add(bit);
          hardenedCells += weights[layer];
          addedArea += weights[layer] * (part.areaFactor() - 1);
        }
      }
      if (cells[0] >= 0 && protection.parts().get(cells[0]) instanceof Part.Remap part) {
        remapped.put(layer, part.by());
        checkCells += part.by().isOfColumns() ? choices(data, layer) : 0;
      }
      if (!hard.isEmpty()) {
        hardened.add(new FaultScope(Set.of(layer), hard));
      }
    }
    var held = new CellSet(weights);
    for (var part : protection.listed()) {
      int before = held.size();
      part.addTo(held, protection, new CellList.Shape(names, filters, weights, bits));
      hardenedCells += held.size() - before;
      addedArea += (held.size() - before) * (part.areaFactor() - 1);
    }
    return new ProtectedLayout(
        data,
        checkLayout(words, data),
        List.copyOf(words),
        List.copyOf(hardened),
        held.size() == 0 ? Optional.empty() : Optional.of(held),
        Map.copyOf(remapped),
        new Cost(dataCells, checkCells, hardenedCells, addedArea + checkCells));
  }

  /** Cells that say how each column of weights is written: inverted bits, and negated or not. */
  private static long choices(MemoryLayout data, int layer) {
    return new WeightColumns(data, layer).count() * (data.bits()[layer] + 1);
  }

  private static void requireKnown(Protection protection, List<String> names, MemoryLayout data) {
    for (var part : protection.parts()) {
      Set<String> unknown = new HashSet<>(part.layers());
      names.forEach(unknown::remove);
      if (!unknown.isEmpty()) {
        throw new IllegalArgumentException(
            Text.of(
                "%s names the layer %s; there are %s",
                part.label(),
                unknown.stream().sorted().collect(Collectors.joining(", ")),
                String.join(", ", names)));
      }
      int widest =
          IntStream.range(0, names.size())
              .filter(layer -> part.isAbout(names, layer))
              .map(layer -> data.bits()[layer])
              .max()
              .orElseThrow();
      for (int bit : part.bits()) {
        if (bit >= widest) {
          throw new IllegalArgumentException(
              Text.of(
                  "%s names bit %d, but weights have the bits 0…%d",
                  part.label(), bit, widest - 1));
        }
      }
      if (part instanceof Part.Checked checked && data.storage().word() % checked.word() != 0) {
        throw new IllegalArgumentException(
            Text.of(
                "words of %d bits of %s do not fill a word of the memory, which has %d bits",
                checked.word(), part.label(), data.storage().word()));
      }
      if (data.bitsPerCell() > 1 && (!(part instanceof Part.Harden) || !part.bits().isEmpty())) {
        throw new IllegalArgumentException(
            Text.of(
                "%s is about single bits, but a cell holds %d; harden layers",
                part.label(), data.bitsPerCell()));
      }
    }
  }

  private static Optional<MemoryLayout> checkLayout(List<WordChecks> words, MemoryLayout data) {
    int most = words.stream().mapToInt(WordChecks::checks).max().orElse(0);
    if (most == 0) {
      return Optional.empty();
    }
    var its = data.storage();
    var storage = new Storage(most, its.rows(), its.wordsPerRow(), its.interleave());
    int[] cells =
        IntStream.range(0, words.size())
            .map(layer -> Math.toIntExact(data.words(layer) * most))
            .toArray();
    int[] bits = new int[cells.length];
    Arrays.fill(bits, 1);
    return Optional.of(new MemoryLayout(storage, cells, bits, 1));
  }

  /** The memory of the codes. */
  public MemoryLayout data() {
    return data;
  }

  /**
   * The check columns, if there are any, as a memory of 1-bit codes. A layer has as many for each
   * of its words as the layer with the most; those past its own {@link #checks} are no cells.
   */
  public Optional<MemoryLayout> checkColumns() {
    return checks;
  }

  /** Check cells of each word of a layer. */
  public int checks(int layer) {
    return words.get(layer).checks();
  }

  WordChecks words(int layer) {
    return words.get(layer);
  }

  /** The bits of layers whose cells do not fail. */
  public List<FaultScope> hardened() {
    return hardened;
  }

  /** Single cells that do not fail, either; empty if there are none. */
  public Optional<CellSet> held() {
    return held;
  }

  /** How a layer's weights are written around stuck cells, if they are. */
  Optional<Remapping> remapping(int layer) {
    return Optional.ofNullable(remapped.get(layer))
        .map(by -> new Remapping(layer, by, new WeightColumns(data, layer), data.bits()[layer]));
  }

  /** Whether cells are read through a decoder or written with care; otherwise some just hold. */
  public boolean isDecoded() {
    return checks.isPresent() || !remapped.isEmpty();
  }

  public Cost cost() {
    return cost;
  }
}
