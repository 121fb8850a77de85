package org.bitquake.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The faulty cells of one trial, for every network of the same shape, every kind and every rate up
 * to the one it was drawn with. It belongs to its {@link FaultSampler}, whose next draw overwrites
 * it; not thread-safe.
 */
public final class FaultMap {
  private static final int FIRST_CAPACITY = 1024;

  private final int[] weights;
  private final int[] bits;
  private final Map<Corruption.Setting, Corruption> corruptions = new HashMap<>();

  /** Scratch, {@code [layer][weight]}: the faulty bits of each weight; all 0 between calls. */
  private final byte[][] masks;

  private double maxRate;
  private int size;
  private int[] cells = new int[FIRST_CAPACITY]; // weight · 8 + bit
  private double[] marks = new double[FIRST_CAPACITY];
  private final int[] layerEnds;

  /** What a fault map did: cells hit, and weights whose code is another one now. */
  public record Tally(long faultyCells, long changedWeights) {}

  FaultMap(int[] weights, int[] bits) {
    this.weights = weights;
    this.bits = bits;
    layerEnds = new int[weights.length];
    masks = new byte[weights.length][];
    for (int layer = 0; layer < weights.length; layer++) {
      masks[layer] = new byte[weights[layer]];
    }
  }

  /**
   * Corrupts weight codes in place. Several faulty cells in one weight act together; a cell stuck
   * at the value that it holds is a faulty cell but changes nothing.
   *
   * @param rate at most the rate the map was drawn with
   * @param codes {@code [weight layer][code]}, of the shape the sampler was made for
   */
  public Tally apply(FaultKind kind, double rate, Encoding encoding, byte[][] codes) {
    requireRate(rate);
    requireShape(codes);
    long faulty = 0;
    long changed = 0;
    int from = 0;
    for (int layer = 0; layer < layerEnds.length; layer++) {
      int to = layerEnds[layer];
      faulty += collect(layer, from, to, rate);
      var setting = new Corruption.Setting(kind, encoding, bits[layer]);
      var corruption = corruptions.computeIfAbsent(setting, Corruption::new);
      changed += corrupt(corruption, layer, from, to, codes[layer]);
      from = to;
    }
    return new Tally(faulty, changed);
  }

  /** The faulty cells at a rate, by layer, weight and bit. */
  public List<FaultSite> sites(double rate) {
    requireRate(rate);
    List<FaultSite> sites = new ArrayList<>();
    int site = 0;
    for (int layer = 0; layer < layerEnds.length; layer++) {
      for (; site < layerEnds[layer]; site++) {
        if (marks[site] < rate) {
          sites.add(new FaultSite(layer, cells[site] >> 3, cells[site] & 7, marks[site]));
        }
      }
    }
    sites.sort(
        Comparator.comparingInt(FaultSite::layer)
            .thenComparingInt(FaultSite::weight)
            .thenComparingInt(FaultSite::bit));
    return List.copyOf(sites);
  }

  /** Gathers the faulty bits of each weight in {@link #masks}. */
  private int collect(int layer, int from, int to, double rate) {
    byte[] mask = masks[layer];
    int faulty = 0;
    for (int site = from; site < to; site++) {
      if (marks[site] < rate) {
        mask[cells[site] >> 3] |= (byte) (1 << (cells[site] & 7));
        faulty++;
      }
    }
    return faulty;
  }

  /** Corrupts each weight with faulty bits once, and leaves {@link #masks} clear. */
  private int corrupt(Corruption corruption, int layer, int from, int to, byte[] codes) {
    byte[] masks = this.masks[layer];
    int changed = 0;
    for (int site = from; site < to; site++) {
      int weight = cells[site] >> 3;
      int mask = masks[weight] & 0xFF;
      if (mask != 0) {
        masks[weight] = 0;
        byte before = codes[weight];
        byte after = corruption.apply(before, mask);
        codes[weight] = after;
        changed += before == after ? 0 : 1;
      }
    }
    return changed;
  }

  private void requireRate(double rate) {
    if (!(rate >= 0 && rate <= maxRate)) {
      throw new IllegalArgumentException(
          "the map was drawn for rates 0 to %s, not %s".formatted(maxRate, rate));
    }
  }

  private void requireShape(byte[][] codes) {
    boolean fits = codes.length == weights.length;
    for (int layer = 0; fits && layer < weights.length; layer++) {
      fits = codes[layer].length == weights[layer];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "the map has layers of %s weights, the codes %s"
              .formatted(
                  Arrays.toString(weights),
                  Arrays.toString(Arrays.stream(codes).mapToInt(layer -> layer.length).toArray())));
    }
  }

  void begin(double rate) {
    maxRate = rate;
    size = 0;
  }

  /** Scratch for the sampler: the cells of a layer that have a mark; see {@link #endLayer}. */
  byte[] hits(int layer) {
    return masks[layer];
  }

  void add(int cell, double mark) {
    if (size == cells.length) {
      int capacity = Math.addExact(size, size);
      cells = Arrays.copyOf(cells, capacity);
      marks = Arrays.copyOf(marks, capacity);
    }
    cells[size] = cell;
    marks[size++] = mark;
  }

  /** Closes a layer, in order, and clears its scratch in O(faults). */
  void endLayer(int layer) {
    byte[] mask = masks[layer];
    for (int site = layer == 0 ? 0 : layerEnds[layer - 1]; site < size; site++) {
      mask[cells[site] >> 3] = 0;
    }
    layerEnds[layer] = size;
  }
}
