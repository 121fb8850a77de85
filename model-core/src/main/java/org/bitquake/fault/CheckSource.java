package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;

/**
 * Draws the faulty cells of check columns: independent of those of the data columns, but where
 * whole rows fail, which take their check cells along. Keyed as data cells are, by ~trial for
 * trial. Not thread-safe.
 */
public final class CheckSource implements FaultSource {
  private final long seed;
  private final boolean follows;
  private final FaultSource source;

  /**
   * @param checks the columns as a memory of codes of 1 bit
   * @param scope whose layers count, but not its bits
   */
  public CheckSource(long seed, FaultPattern pattern, MemoryLayout checks, FaultScope scope) {
    this.seed = seed;
    follows = pattern.takesWholeRows();
    source = pattern.source(seed, checks, new FaultScope(scope.layers(), java.util.Set.of()));
  }

  @Override
  public long cells() {
    return source.cells();
  }

  @Override
  public FaultMap draw(long trial, double maxRate) {
    var map = source.draw(follows ? trial : ~trial, maxRate);
    map.chooseBy(new Philox(seed, ~trial));
    return map;
  }
}
