package org.bitquake.fault;

/**
 * Draws what another source does, without those cells that hold whatever happens: they are dropped
 * from what was drawn, so that all others fail as they do anyway. Not thread-safe.
 */
public final class HeldSource implements FaultSource {
  private final FaultSource source;
  private final FaultScope scope;
  private final CellSet held;
  private FaultMap map;

  /**
   * @param scope that of {@code source}
   * @param held cells that never fail
   */
  public HeldSource(FaultSource source, FaultScope scope, CellSet held) {
    this.source = source;
    this.scope = scope;
    this.held = held;
  }

  @Override
  public long cells() {
    return source.cells() - held.cells(scope);
  }

  @Override
  public FaultMap draw(long trial, double maxRate) {
    var all = source.draw(trial, maxRate);
    if (map == null) {
      map = all.ofSameForm();
    }
    map.copyWithout(held, all);
    return map;
  }
}
