package org.bitquake.fault;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.bitquake.Text;

/**
 * Memory cells that single faults are drawn from, uniformly and without replacement; or events of
 * several cells, named by one of them: {@link EventPlaces}.
 *
 * @param id the same for the same part of networks of the same shape
 * @param blocks the cells, at least one block
 * @param injected how many faults are drawn, 0 to all
 */
public record FaultStratum(long id, List<Block> blocks, long injected) implements Serializable {
  /**
   * The cells of one bit position of one weight layer.
   *
   * @param layer position in {@code QuantizedNetwork.weightLayers()}
   * @param cells one for each weight of the layer
   */
  public record Block(int layer, int bit, long cells) implements Serializable {}

  /** Strata of a layer that need an id: its bits and itself. */
  private static final int PARTS = Encoding.MAX_BITS + 1;

  public FaultStratum {
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty() || injected < 0 || injected > population(blocks)) {
      throw new IllegalArgumentException(Text.of("no draw of %d cells from %s", injected, blocks));
    }
  }

  /** Number of its cells. */
  public long population() {
    return population(blocks);
  }

  private static long population(List<Block> blocks) {
    return blocks.stream().mapToLong(Block::cells).sum();
  }

  /**
   * The strata of a network's memory, by layer and bit.
   *
   * @param weights number of weights, per weight layer
   * @param bits cells of each weight, per weight layer
   * @param sampleSize faults to draw from so many cells
   * @return none if no cell is in scope
   */
  public static List<FaultStratum> of(
      Stratification by,
      int[] weights,
      int[] bits,
      FaultScope scope,
      LongUnaryOperator sampleSize) {
    return of(
        by, bits, (layer, bit) -> scope.contains(layer, bit) ? weights[layer] : 0, sampleSize);
  }

  /** How many faults there are in a part of the memory. */
  @FunctionalInterface
  public interface Count {
    /** Those of one bit position of one layer. */
    long of(int layer, int bit);
  }

  /**
   * The strata of events in a network's memory, by layer and bit of their first cells.
   *
   * @param bits cells of each weight, per weight layer
   * @param count as {@link EventPlaces#count}
   * @param sampleSize faults to draw from so many events
   * @return none if there are no events
   */
  public static List<FaultStratum> of(
      Stratification by, int[] bits, Count count, LongUnaryOperator sampleSize) {
    List<FaultStratum> strata = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    for (int layer = 0; layer < bits.length; layer++) {
      for (int bit = 0; bit < bits[layer]; bit++) {
        long its = count.of(layer, bit);
        if (its > 0) {
          blocks.add(new Block(layer, bit, its));
        }
        if (by == Stratification.BIT) {
          close(1 + (long) layer * PARTS + bit, blocks, sampleSize, strata);
        }
      }
      if (by == Stratification.LAYER) {
        close(1 + (long) layer * PARTS + Encoding.MAX_BITS, blocks, sampleSize, strata);
      }
    }
    close(0, blocks, sampleSize, strata);
    return strata;
  }

  private static void close(
      long id, List<Block> blocks, LongUnaryOperator sampleSize, List<FaultStratum> strata) {
    if (!blocks.isEmpty()) {
      strata.add(new FaultStratum(id, blocks, sampleSize.applyAsLong(population(blocks))));
      blocks.clear();
    }
  }
}
