package org.bitquake.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bitquake.Text;
import org.bitquake.memory.MemoryLayout;

/**
 * The faulty cells of one trial, for every network of the same shape, every kind and every rate up
 * to the one it was drawn with. It belongs to its {@link FaultSampler}, whose next draw overwrites
 * it; not thread-safe.
 */
public final class FaultMap {
  private static final int FIRST_CAPACITY = 1024;

  private static final Comparator<FaultSite> BY_CELL =
      Comparator.comparingInt(FaultSite::layer)
          .thenComparingInt(FaultSite::weight)
          .thenComparingInt(FaultSite::bit);

  private static final int NEAR_BITS = NearBlocks.BITS;
  private static final int NEAR = NearBlocks.WEIGHTS;

  private final int[] weights;
  private final int[] bits;

  private final MemoryLayout memory;
  private final FaultPattern pattern;

  /** Whether a cell may be named by several sites. */
  private final boolean repeats;

  /** Of each effect, encoding and number of bits; those that were needed so far. */
  private final Map<CellEffect, Map<Encoding, Corruption[]>> corruptions = new HashMap<>();

  private final Map<CellEffect, VariedCorruption> varied = new HashMap<>();

  /** Scratch: the faulty cells of a block of weights; none between calls. */
  private final NearCells near = new NearCells();

  private Philox random = new Philox(0, 0);
  private double maxRate;
  private double mostMark;
  private int size;
  private int[] cells = new int[FIRST_CAPACITY]; // weight · 8 + bit
  private double[] marks = new double[FIRST_CAPACITY];
  private final int[] layerEnds;
  private int[] sortedCells = {};
  private double[] sortedMarks = {};

  private final NearBlocks blocks;

  /** What a fault map did: cells hit, and weights whose code is another one now. */
  public record Tally(long faultyCells, long changedWeights) {}

  FaultMap(MemoryLayout memory, FaultPattern pattern, boolean repeats) {
    this.memory = memory;
    this.pattern = pattern;
    this.repeats = repeats;
    this.weights = memory.weights();
    this.bits = memory.bits();
    layerEnds = new int[weights.length];
    blocks = new NearBlocks(Arrays.stream(weights).max().orElse(0));
  }

  /**
   * Corrupts weight codes in place: {@link #apply(CellEffect, double, Encoding, byte[][],
   * byte[][])}.
   */
  public Tally apply(CellEffect effect, double rate, Encoding encoding, byte[][] codes) {
    return apply(effect, rate, encoding, codes, codes);
  }

  /**
   * Makes a corrupted copy of weight codes. Several faulty cells in one weight act together; a cell
   * stuck at the value that it holds is a faulty cell but changes nothing.
   *
   * @param rate at most the rate the map was drawn with
   * @param pristine {@code [weight layer][code]}, of the shape the sampler was made for
   * @param codes of the same shape, overwritten; may be {@code pristine}
   */
  public Tally apply(
      CellEffect effect, double rate, Encoding encoding, byte[][] pristine, byte[][] codes) {
    requireShape(pristine);
    requireShape(codes);
    double mark = mark(rate);
    byte[][] written = pristine;
    if (!effect.isUniform()) {
      written = pristine == codes ? copy(pristine) : pristine;
      varied(effect).begin(encoding, mark, written);
    }
    long faulty = 0;
    long changed = 0;
    int from = 0;
    for (int layer = 0; layer < layerEnds.length; layer++) {
      int to = layerEnds[layer];
      int copied = 0;
      while (from < to) {
        int end = endOfBlock(from, to);
        // A block is corrupted while its copy is in the nearest cache.
        copied = copy(written[layer], codes[layer], copied, ((cells[from] >> 3) | (NEAR - 1)) + 1);
        near.list(cells, marks, from, end, mark);
        faulty += repeats ? near.gatherOnce() : near.gather();
        changed +=
            effect.isUniform()
                ? near.corrupt(corruption(effect, encoding, layer), codes[layer])
                : varied(effect).corrupt(layer, from, end, near, codes[layer]);
        from = end;
      }
      copy(written[layer], codes[layer], copied, weights[layer]);
    }
    return new Tally(faulty, changed);
  }

  /** The mark below which cells are faulty at a rate, infinite where all are that were drawn. */
  double mark(double rate) {
    requireRate(rate);
    return rate == maxRate ? Double.POSITIVE_INFINITY : pattern.mark(rate);
  }

  /** The faulty cells at a rate, by layer, weight and bit. */
  public List<FaultSite> sites(double rate) {
    double mark = mark(rate);
    List<FaultSite> sites = new ArrayList<>();
    int site = 0;
    for (int layer = 0; layer < layerEnds.length; layer++) {
      for (; site < layerEnds[layer]; site++) {
        if (marks[site] < mark) {
          double its = pattern.rate(marks[site]);
          sites.add(new FaultSite(layer, cells[site] >> 3, cells[site] & 7, its));
        }
      }
    }
    sites.sort(BY_CELL.thenComparingDouble(FaultSite::mark));
    return repeats ? firstOfEach(sites) : List.copyOf(sites);
  }

  private static List<FaultSite> firstOfEach(List<FaultSite> sorted) {
    List<FaultSite> firsts = new ArrayList<>();
    for (var site : sorted) {
      if (firsts.isEmpty() || BY_CELL.compare(firsts.get(firsts.size() - 1), site) != 0) {
        firsts.add(site);
      }
    }
    return List.copyOf(firsts);
  }

  /** Names the cells with marks below one, those with several such marks more than once. */
  void forEach(double mark, FaultyMemory.Cells taker) {
    int site = 0;
    for (int layer = 0; layer < layerEnds.length; layer++) {
      for (; site < layerEnds[layer]; site++) {
        if (marks[site] < mark) {
          taker.cell(layer, cells[site] >> 3, cells[site] & 7);
        }
      }
    }
  }

  int cell(int site) {
    return cells[site];
  }

  /** The first site of a layer; of the one after the last, the number of sites. */
  int firstSite(int layer) {
    return layer == 0 ? 0 : layerEnds[layer - 1];
  }

  Philox random() {
    return random;
  }

  MemoryLayout memory() {
    return memory;
  }

  Corruption corruption(CellEffect effect, Encoding encoding, int layer) {
    int width = bits[layer];
    var ofWidths =
        corruptions
            .computeIfAbsent(effect, its -> new EnumMap<>(Encoding.class))
            .computeIfAbsent(encoding, its -> new Corruption[Encoding.MAX_BITS + 1]);
    if (ofWidths[width] == null) {
      ofWidths[width] = new Corruption(effect, encoding, width);
    }
    return ofWidths[width];
  }

  VariedCorruption varied(CellEffect effect) {
    return varied.computeIfAbsent(effect, its -> new VariedCorruption(its, this));
  }

  private static byte[][] copy(byte[][] codes) {
    return Arrays.stream(codes).map(byte[]::clone).toArray(byte[][]::new);
  }

  /** Copies the codes up to {@code end}, which it returns. */
  private static int copy(byte[] pristine, byte[] codes, int from, int end) {
    int to = Math.min(end, codes.length);
    if (pristine != codes) {
      System.arraycopy(pristine, from, codes, from, to - from);
    }
    return to;
  }

  /** One past the last of the sites from {@code from} on that lie in the same block of weights. */
  private int endOfBlock(int from, int to) {
    int block = cells[from] >> (3 + NEAR_BITS);
    int same = from;
    int step = 1;
    while (same + step < to && cells[same + step] >> (3 + NEAR_BITS) == block) {
      same += step;
      step += step;
    }
    for (; step > 0; step >>= 1) { // the last of the block is less than 2 · step away
      if (same + step < to && cells[same + step] >> (3 + NEAR_BITS) == block) {
        same += step;
      }
    }
    return same + 1;
  }

  /**
   * Gathers the faulty bits of the weights of one block, to be {@linkplain #take taken}.
   *
   * @return one past its last site
   */
  int collectBlock(int from, int to, double mark) {
    int end = endOfBlock(from, to);
    near.list(cells, marks, from, end, mark);
    near.gather();
    return end;
  }

  /** The faulty bits of a weight that were gathered; forgets them. */
  int take(int weight) {
    return near.take(weight);
  }

  private void requireRate(double rate) {
    if (!(rate >= 0 && rate <= maxRate)) {
      throw new IllegalArgumentException(
          Text.of("the map was drawn for rates 0 to %s, not %s", maxRate, rate));
    }
  }

  void requireShape(byte[][] codes) {
    boolean fits = codes.length == weights.length;
    for (int layer = 0; fits && layer < weights.length; layer++) {
      fits = codes[layer].length == weights[layer];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          Text.of(
              "the map has layers of %s weights, the codes %s",
              Arrays.toString(weights),
              Arrays.toString(Arrays.stream(codes).mapToInt(layer -> layer.length).toArray())));
    }
  }

  void begin(Philox random, double rate) {
    this.random = random;
    maxRate = rate;
    mostMark = pattern.mark(rate);
    size = 0;
  }

  /** Lets cells choose among variants by other random numbers than its own. */
  void chooseBy(Philox random) {
    this.random = random;
  }

  /** All marks are below this. */
  double mostMark() {
    return mostMark;
  }

  int size() {
    return size;
  }

  /** Clears the bits of the weights that were added from position {@code first} to {@code end}. */
  void unmark(long[] marked, int first, int end) {
    for (int site = first; site < end; site++) {
      int weight = cells[site] >> 3;
      marked[weight >> 6] &= ~(1L << weight);
    }
  }

  /** An empty map for the same memory and pattern. */
  FaultMap ofSameForm() {
    return new FaultMap(memory, pattern, repeats);
  }

  /** Becomes a copy of another map, of the same form, without some cells. */
  void copyWithout(CellSet held, FaultMap other) {
    begin(other.random, other.maxRate);
    int site = 0;
    for (int layer = 0; layer < layerEnds.length; layer++) {
      for (; site < other.layerEnds[layer]; site++) {
        int cell = other.cells[site];
        if (!held.contains(layer, cell >> 3, cell & 7)) {
          add(cell, other.marks[site]);
        }
      }
      layerEnds[layer] = size; // their order stays
    }
  }

  /** Adds a layer's sites in any order, and closes it. */
  void addLayer(int layer, int[] cells, double[] marks, int count) {
    int from = size;
    ensureCapacity(Math.addExact(size, count));
    size += count;
    layerEnds[layer] = size;
    if (weights[layer] > NEAR) {
      blocks.gather(cells, marks, 0, count, weights[layer], this.cells, this.marks, from);
    } else {
      System.arraycopy(cells, 0, this.cells, from, count);
      System.arraycopy(marks, 0, this.marks, from, count);
    }
  }

  private void ensureCapacity(int least) {
    if (least > cells.length) {
      int capacity = Math.max(least, Math.addExact(cells.length, cells.length));
      cells = Arrays.copyOf(cells, capacity);
      marks = Arrays.copyOf(marks, capacity);
    }
  }

  void add(int cell, double mark) {
    if (size == cells.length) {
      ensureCapacity(Math.addExact(size, 1));
    }
    cells[size] = cell;
    marks[size++] = mark;
  }

  /** Closes a layer, in order. */
  void endLayer(int layer) {
    int from = firstSite(layer);
    layerEnds[layer] = size;
    if (weights[layer] > NEAR) {
      if (sortedCells.length < size - from) {
        sortedCells = new int[cells.length];
        sortedMarks = new double[cells.length];
      }
      blocks.gather(cells, marks, from, size, weights[layer], sortedCells, sortedMarks, 0);
      System.arraycopy(sortedCells, 0, cells, from, size - from);
      System.arraycopy(sortedMarks, 0, marks, from, size - from);
    }
  }
}
