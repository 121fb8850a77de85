package org.bitquake.fault.effect;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.bitquake.fault.CellEffect;
import org.bitquake.fault.FaultyMemory;
import org.bitquake.memory.MemoryLayout;

/**
 * A faulty cell is cut off from its bit line, which keeps what was read last: the bit of the row
 * above in the same column of the array, itself perhaps that of the row above it. The top row reads
 * 1, the precharged line. Where the row above has no cell of the network it holds 0.
 */
public record StuckOpen() implements CellEffect {
  @Override
  public String label() {
    return "stuck-open";
  }

  @Override
  public boolean isUniform() {
    return false;
  }

  @Override
  public Variants variants(FaultyMemory memory) {
    MemoryLayout layout = memory.layout();
    var faulty = new Addresses();
    memory.forEachFaulty((layer, weight, cell) -> faulty.set(layout.address(layer, weight, cell)));
    return (layer, weight, cell) -> read(memory, faulty, layout.address(layer, weight, cell));
  }

  private static int read(FaultyMemory memory, Addresses faulty, long address) {
    MemoryLayout layout = memory.layout();
    long array = (long) layout.storage().rows() * layout.columns();
    long above = address;
    do {
      if (above % array < layout.columns()) {
        return 1;
      }
      above -= layout.columns();
    } while (faulty.get(above));
    long cell = layout.cellAt(above);
    if (cell == MemoryLayout.NO_CELL) {
      return 0;
    }
    int stored = memory.stored(MemoryLayout.layer(cell), MemoryLayout.weight(cell));
    return (stored >> MemoryLayout.cell(cell)) & 1;
  }

  @Override
  public int apply(int stored, int bits, int zeros, int ones, int none) {
    return (stored & ~zeros) | ones;
  }

  /** A set of addresses. */
  private static final class Addresses {
    private static final int PAGE_BITS = 30;

    private final Map<Long, BitSet> pages = new HashMap<>();

    void set(long address) {
      pages.computeIfAbsent(address >> PAGE_BITS, p -> new BitSet()).set(inPage(address));
    }

    boolean get(long address) {
      BitSet page = pages.get(address >> PAGE_BITS);
      return page != null && page.get(inPage(address));
    }

    private static int inPage(long address) {
      return (int) address & ((1 << PAGE_BITS) - 1);
    }
  }
}
