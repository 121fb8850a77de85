package org.bitquake.fault;

import java.util.Arrays;
import org.bitquake.memory.MemoryLayout;

/**
 * Draws the faulty cells of trials. Not thread-safe: one per task thread.
 *
 * <p>Every cell has a mark u, uniform on [0, 1) and independent of all others, and is faulty at
 * rate p if u &lt; p. The mark is a function of (seed, trial, layer, weight, bit) and of nothing
 * else: not of the rate drawn, the scope, the number of weights or the bits of a weight. So faults
 * at a lower rate are a subset of those at a higher one, any trial can be replayed alone, and
 * campaigns with different rates share their faults.
 *
 * <p>Marks below {@code maxRate} are found in O(faults), without looking at the other cells. [0, 1)
 * is cut into bands with edges 0 = e₀ &lt; e₁ &lt; … &lt; e_m = 1 ({@link Bands}). In band k every
 * cell is hit independently with probability q_k = (e_{k+1} − e_k) / (1 − e_k), and a hit comes
 * with a number uniform on [e_k, e_{k+1}). A cell's mark is the number of the lowest band that hits
 * it; the last band hits all. Only bands with e_k &lt; maxRate are drawn.
 *
 * <p><b>Proof.</b> 1 − q_k = (1 − e_{k+1}) / (1 − e_k), so no band below k hits a cell with
 * probability Π_{j&lt;k} (1 − q_j) = 1 − e_k (the product telescopes). Its mark lies in band k with
 * probability (1 − e_k) · q_k = e_{k+1} − e_k and is uniform there: the mark is uniform on [0, 1).
 * Cells are independent because their hits and numbers are. ∎
 *
 * <p>The hits of a band are Bernoulli trials along the weights of one bit position of one layer, so
 * the number of misses before a hit is geometric: ⌊log U / log(1 − q)⌋ with U uniform on (0, 1],
 * since Pr(log U / log(1 − q) ≥ s) = Pr(U ≤ (1 − q)^s) = (1 − q)^s. Each hit takes two words of
 * {@link Philox}, keyed by (seed, trial): one for its skip and one for its mark, from the counters
 * (block, layer, 64 · bit + band, {@link Philox#FAULTS}), block = 0, 1, …
 */
public final class FaultSampler implements FaultSource {
  /** First blocks of a band that are drawn together with those of other bands, at most. */
  private static final int FIRSTS = 16;

  private final long seed;
  private final int[] weights;
  private final int[] bits;
  private final FaultScope scope;
  private final FaultMap map;
  private final HitRun firsts;
  private final HitRun rest;
  private final int[] counts = new int[Bands.COUNT];
  private final Cells[][] cells;
  private double maxRate;

  /** A bit for each weight of a layer: whether its cell in the current bit position has a mark. */
  private final long[] marked;

  /**
   * @param seed the campaign's seed
   * @param weights number of weights of each weight layer, below 2²⁸
   * @param bits cells of each weight, per weight layer
   * @param scope cells that it names and the network lacks are ignored; see {@link
   *     FaultScope#requireWithin}
   */
  public FaultSampler(long seed, int[] weights, int[] bits, FaultScope scope) {
    this(seed, weights, bits, scope, HitRun.PLAIN_BLOCKS);
  }

  /**
   * @param plainBlocks blocks to draw before vectors are used
   */
  FaultSampler(long seed, int[] weights, int[] bits, FaultScope scope, long plainBlocks) {
    this(seed, MemoryLayout.plain(weights, bits), scope, plainBlocks);
  }

  FaultSampler(long seed, MemoryLayout memory, FaultScope scope) {
    this(seed, memory, scope, HitRun.PLAIN_BLOCKS);
  }

  private FaultSampler(long seed, MemoryLayout memory, FaultScope scope, long plainBlocks) {
    this.seed = seed;
    this.weights = memory.weights();
    this.bits = memory.cells();
    this.scope = scope;
    firsts = new HitRun(FIRSTS * Bands.COUNT, plainBlocks);
    rest = new HitRun(HitRun.MOST, plainBlocks);
    map = new FaultMap(memory, CellPattern.INSTANCE, false);
    cells = new Cells[weights.length][Encoding.MAX_BITS];
    for (int layer = 0; layer < weights.length; layer++) {
      for (int bit = 0; bit < bits[layer]; bit++) {
        cells[layer][bit] = new Cells(layer, weights[layer], bit);
      }
    }
    marked = new long[Arrays.stream(weights).max().orElse(0) / Long.SIZE + 1];
  }

  @Override
  public long cells() {
    return scope.cells(weights, bits);
  }

  /**
   * The cells in scope whose mark {@code u(seed, trial, layer, weight, bit)} is below {@code
   * maxRate}. The map is overwritten by the next call.
   *
   * @param maxRate 0 to 1; 0 gives no cell, 1 every cell
   */
  @Override
  public FaultMap draw(long trial, double maxRate) {
    if (!(maxRate >= 0 && maxRate <= 1)) {
      throw new IllegalArgumentException("a fault rate is 0 to 1, not " + maxRate);
    }
    this.maxRate = maxRate;
    var random = new Philox(seed, trial);
    map.begin(random, maxRate);
    for (int layer = 0; layer < weights.length; layer++) {
      for (int bit = 0; bit < bits[layer]; bit++) {
        if (scope.contains(layer, bit)) {
          draw(random, cells[layer][bit]);
        }
      }
      map.endLayer(layer);
    }
    return map;
  }

  /** One bit position of one layer. */
  private record Cells(int layer, int weights, int bit) {}

  private void draw(Philox random, Cells cells) {
    int bands = Bands.below(maxRate);
    int first = map.size();
    int last = first;
    firsts.clear();
    for (int band = 0; band < bands; band++) {
      int blocks = HitRun.blocksFor(cells.weights * Bands.hitProbability(band));
      counts[band] = Math.min(FIRSTS, blocks);
      firsts.add(cells.bit, band, 0, counts[band]);
    }
    firsts.draw(random, cells.layer);
    int place = 0;
    for (int band = 0; band < bands; band++) {
      last = map.size();
      int weight = walk(firsts, place, counts[band], cells, band, 0);
      place += counts[band];
      int count;
      for (long block = counts[band]; weight < cells.weights; block += count) {
        count = HitRun.blocksFor((cells.weights - weight) * Bands.hitProbability(band));
        rest.clear();
        rest.add(cells.bit, band, block, count);
        rest.draw(random, cells.layer);
        weight = walk(rest, 0, count, cells, band, weight);
      }
    }
    map.unmark(marked, first, last);
  }

  /**
   * Marks the cells that blocks of one band hit.
   *
   * @param weight the next one that may be hit
   * @return the one after the last of these blocks' hits, or the number of weights at the end
   */
  private int walk(HitRun run, int place, int count, Cells cells, int band, int weight) {
    boolean askedAgain = Bands.lower(band + 1) < maxRate; // by a higher band
    for (int i = 0; i < 2 * count; i++) {
      int skip = run.skip(place + (i >> 1), i & 1);
      if (skip >= cells.weights - weight) {
        return cells.weights;
      }
      weight += skip;
      long mask = 1L << weight; // modulo 64
      if ((marked[weight >> 6] & mask) == 0) {
        double mark = Bands.mark(band, run.position(place + (i >> 1), i & 1));
        if (mark < maxRate) {
          if (askedAgain) {
            marked[weight >> 6] |= mask;
          }
          map.add((weight << 3) | cells.bit, mark);
        }
      }
      weight++;
    }
    return weight;
  }
}
