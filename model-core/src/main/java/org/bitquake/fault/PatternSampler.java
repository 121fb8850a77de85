package org.bitquake.fault;

import org.bitquake.memory.MemoryLayout;

/** Draws a pattern of events in a memory's arrays, and finds the cells that they hit. */
final class PatternSampler implements FaultSource {
  private final long seed;
  private final FaultPattern pattern;
  private final MemoryLayout memory;
  private final FaultScope scope;
  private final FaultMap map;
  private final EventStream events;
  private final SiteList[] sites;
  private final MemoryLayout.Finder finder;

  /** The cells of each layer's weights that may be faulty, a bit each. */
  private final int[] inScope;

  private double mostMark;

  PatternSampler(long seed, FaultPattern pattern, MemoryLayout memory, FaultScope scope) {
    this(seed, pattern, memory, scope, HitRun.PLAIN_BLOCKS);
  }

  /**
   * @param plainBlocks blocks to draw before vectors are used
   */
  PatternSampler(
      long seed, FaultPattern pattern, MemoryLayout memory, FaultScope scope, long plainBlocks) {
    events = new EventStream(plainBlocks);
    this.seed = seed;
    this.pattern = pattern;
    this.memory = memory;
    this.scope = scope;
    map = new FaultMap(memory, pattern, true);
    sites = new SiteList[memory.layers()];
    finder = memory.finder();
    inScope = new int[memory.layers()];
    for (int layer = 0; layer < sites.length; layer++) {
      sites[layer] = new SiteList();
      for (int cell = 0; cell < Byte.SIZE; cell++) {
        inScope[layer] |= scope.contains(layer, cell) ? 1 << cell : 0;
      }
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
    mostMark = map.mostMark();
    if (maxRate > 0) {
      events.begin(random);
      pattern.draw(events, memory, mostMark, this::add);
    }
    for (int layer = 0; layer < sites.length; layer++) {
      sites[layer].addTo(map, layer);
    }
    return map;
  }

  private void add(long row, int column, double mark) {
    if (mark < mostMark) {
      long cell = finder.cellAt(row, column);
      if (cell != MemoryLayout.NO_CELL) {
        int layer = MemoryLayout.layer(cell);
        if ((inScope[layer] >> MemoryLayout.cell(cell) & 1) != 0) {
          sites[layer].add((int) cell, mark);
        }
      }
    }
  }
}
