package org.bitquake.fault.effect;

import java.util.Arrays;
import java.util.BitSet;
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
    var faulty = new Lines(layout);
    memory.forEachFaulty(
        (layer, weight, cell) ->
            faulty.set(layout.row(layer, weight), layout.column(layer, weight, cell)));
    var finder = layout.finder();
    return (layer, weight, cell) -> {
      int column = layout.column(layer, weight, cell);
      long above = faulty.above(layout.row(layer, weight), column);
      return above < 0 ? 1 : read(memory, finder.cellAt(above, column));
    };
  }

  private static int read(FaultyMemory memory, long cell) {
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

  /** The faulty places of each column of each array, in pages of whole columns. */
  private static final class Lines {
    private static final int PAGE = 1 << 28;

    private final int rows;
    private final int columns;
    private final int perPage;
    private final BitSet[] pages;

    Lines(MemoryLayout layout) {
      rows = layout.storage().rows();
      columns = layout.columns();
      perPage = PAGE / rows;
      pages = new BitSet[Math.toIntExact(layout.arrays() * columns / perPage + 1)];
      Arrays.setAll(pages, page -> new BitSet());
    }

    void set(long row, int column) {
      long line = row / rows * columns + column;
      pages[(int) (line / perPage)].set((int) (line % perPage) * rows + (int) (row % rows));
    }

    /** The next sound row above one, or −1: all the way up to the top they are faulty. */
    long above(long row, int column) {
      long line = row / rows * columns + column;
      int top = (int) (line % perPage) * rows;
      int inArray = (int) (row % rows);
      int sound = pages[(int) (line / perPage)].previousClearBit(top + inArray) - top;
      return sound < 0 ? -1 : row - inArray + sound;
    }
  }
}
