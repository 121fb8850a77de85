package org.bitquake.fault;

import java.util.Arrays;
import java.util.List;
import org.bitquake.Text;
import org.bitquake.fault.FaultStratum.Block;

/**
 * Numbers the single faults of a campaign, stratum after stratum. Each is computed from its number
 * alone, by a {@link Permutation} of the stratum's cells keyed by (seed, stratum): a sample of n
 * faults is the first n of an order of all cells, a larger sample contains a smaller one, and all
 * cells are a sample like any other. Kind and encoding have no part in it, so networks of the same
 * shape get the same cells under every kind. Not thread-safe.
 */
public final class SingleFaultSampler {
  private final List<FaultStratum> strata;
  private final Permutation[] orders;

  /** Faults of all strata before and with this one. */
  private final long[] ends;

  private final Weights weights;

  /** The weight of a fault, by its position among those of its bit position of its layer. */
  @FunctionalInterface
  private interface Weights {
    int of(int layer, int bit, long position);
  }

  public SingleFaultSampler(long seed, List<FaultStratum> strata) {
    this(seed, strata, (layer, bit, position) -> (int) position);
  }

  /**
   * Numbers events instead, each named by its first cell.
   *
   * @param strata of these places
   */
  public SingleFaultSampler(long seed, List<FaultStratum> strata, EventPlaces places) {
    this(seed, strata, places::weight);
  }

  private SingleFaultSampler(long seed, List<FaultStratum> strata, Weights weights) {
    this.weights = weights;
    this.strata = List.copyOf(strata);
    this.orders =
        strata.stream()
            .map(s -> new Permutation(seed, s.id(), s.population()))
            .toArray(Permutation[]::new);
    this.ends = strata.stream().mapToLong(FaultStratum::injected).toArray();
    Arrays.parallelPrefix(ends, Math::addExact);
  }

  /** Number of faults. */
  public long count() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /**
   * A fault.
   *
   * @param number 0 … count − 1
   */
  public SingleFault fault(long number) {
    if (number < 0 || number >= count()) {
      throw new IllegalArgumentException(Text.of("fault %d of %d", number, count()));
    }
    int stratum = 0;
    while (number >= ends[stratum]) {
      stratum++;
    }
    long before = stratum == 0 ? 0 : ends[stratum - 1];
    long cell = orders[stratum].at(number - before);
    for (Block block : strata.get(stratum).blocks()) {
      if (cell < block.cells()) {
        return new SingleFault(
            block.layer(), weights.of(block.layer(), block.bit(), cell), block.bit());
      }
      cell -= block.cells();
    }
    throw new AssertionError("a cell beyond its stratum");
  }
}
