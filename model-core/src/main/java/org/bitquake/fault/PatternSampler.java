package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;

/** Draws a pattern of events in a memory's arrays, and finds the cells that they hit. */
final class PatternSampler implements FaultSource {
  private final long seed;
  private final FaultPattern pattern;
  private final MemoryLayout memory;
  private final FaultScope scope;
  private final FaultMap map;
  private final SiteList[] sites;

  PatternSampler(long seed, FaultPattern pattern, MemoryLayout memory, FaultScope scope) {
    this.seed = seed;
    this.pattern = pattern;
    this.memory = memory;
    this.scope = scope;
    map = new FaultMap(memory, pattern, true);
    sites = new SiteList[memory.layers()];
    for (int layer = 0; layer < sites.length; layer++) {
      sites[layer] = new SiteList();
    }
  }

  @Override
  public long cells() {
    return scope.cells(memory.weights(), memory.cells());
  }

  @Override
  public FaultMap draw(long trial, double maxRate) {
    if (!(maxRate >= 0 && maxRate <= 1)) {
      throw new IllegalArgumentException("a fault rate is 0 to 1, not " + maxRate);
    }
    var random = new Philox(seed, trial);
    map.begin(random, maxRate);
    for (var list : sites) {
      list.clear();
    }
    if (maxRate > 0) {
      pattern.draw(new EventStream(random), memory, pattern.mark(maxRate), this::add);
    }
    for (int layer = 0; layer < sites.length; layer++) {
      sites[layer].copyTo(map);
      map.endLayer(layer);
    }
    return map;
  }

  private void add(long row, int column, double mark) {
    long cell = memory.cellAt(row, column);
    if (cell != MemoryLayout.NO_CELL
        && scope.contains(MemoryLayout.layer(cell), MemoryLayout.cell(cell))
        && mark < map.mostMark()) {
      sites[MemoryLayout.layer(cell)].add((int) cell, mark);
    }
  }
}
