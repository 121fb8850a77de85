package org.bitquake.fault;

import java.util.List;
import org.bitquake.memory.MemoryLayout;

/** Fault maps of cells that are named instead of drawn. Not thread-safe. */
public final class GivenFaults {
  /** The rate to read them at: they are faulty at any. */
  public static final double RATE = 1;

  private final FaultMap map;
  private final SiteList[] sites;

  public GivenFaults(MemoryLayout memory) {
    map = new FaultMap(memory, CellPattern.INSTANCE, false);
    sites = new SiteList[memory.layers()];
    for (int layer = 0; layer < sites.length; layer++) {
      sites[layer] = new SiteList();
    }
  }

  /**
   * The map of these faulty cells, overwritten by the next call.
   *
   * @param cells each once
   */
  public FaultMap of(List<SingleFault> cells) {
    map.begin(new Philox(0, 0), RATE);
    for (var list : sites) {
      list.clear();
    }
    for (var cell : cells) {
      sites[cell.layer()].add(cell.weight() * Byte.SIZE + cell.bit(), 0);
    }
    for (int layer = 0; layer < sites.length; layer++) {
      sites[layer].addTo(map, layer);
    }
    return map;
  }
}
