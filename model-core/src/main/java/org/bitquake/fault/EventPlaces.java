package org.bitquake.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitquake.fault.FaultEvent.Form;
import org.bitquake.memory.MemoryLayout;

/**
 * Where events of one kind can happen in a network's memory. A place is named by a cell: of a block
 * of cells the one at its top left, wherever that is a cell in scope; of a line the first one in
 * scope. So there are as many blocks as cells in scope, and as many lines as hold one.
 */
public final class EventPlaces {
  private final FaultEvent event;
  private final MemoryLayout memory;
  private final FaultScope scope;
  private final int[] weights;

  /** Weights of the first cells of lines, {@code [layer][bit][position]}. */
  private final int[][][] firsts;

  /**
   * @param memory of cells of one bit
   * @throws IllegalArgumentException if the event does not fit an array
   */
  public EventPlaces(FaultEvent event, MemoryLayout memory, FaultScope scope) {
    event.requireFits(memory.storage().rows(), memory.columns());
    this.event = event;
    this.memory = memory;
    this.scope = scope;
    weights = memory.weights();
    firsts = event.form() == Form.BLOCK ? new int[0][][] : firsts();
  }

  private int[][][] firsts() {
    List<List<List<Integer>>> found = new ArrayList<>();
    for (int layer = 0; layer < weights.length; layer++) {
      List<List<Integer>> bits = new ArrayList<>();
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        bits.add(new ArrayList<>());
      }
      found.add(bits);
    }
    boolean rows = event.form() == Form.ROW;
    long lines = memory.arrays() * (rows ? memory.storage().rows() : memory.columns());
    for (long line = 0; line < lines; line++) {
      var cells = rows ? row(line, 1) : column(line, 1);
      for (var first : cells) {
        found.get(first.layer()).get(first.bit()).add(first.weight());
      }
    }
    return found.stream()
        .map(
            bits ->
                bits.stream()
                    .map(its -> its.stream().mapToInt(Integer::intValue).toArray())
                    .toArray(int[][]::new))
        .toArray(int[][][]::new);
  }

  /** Events whose first cell belongs to a bit position of a layer. */
  public long count(int layer, int bit) {
    if (event.form() != Form.BLOCK) {
      return firsts[layer][bit].length;
    }
    return scope.contains(layer, bit) ? weights[layer] : 0;
  }

  /**
   * The weight that an event's first cell belongs to.
   *
   * @param position 0 … count − 1
   */
  int weight(int layer, int bit, long position) {
    return event.form() == Form.BLOCK ? (int) position : firsts[layer][bit][(int) position];
  }

  /**
   * The cells in scope that fail together.
   *
   * @param first of them, as the draw names it
   */
  public List<SingleFault> cells(SingleFault first) {
    long row = memory.row(first.layer(), first.weight());
    int column = memory.column(first.layer(), first.weight(), first.bit());
    int rows = memory.storage().rows();
    return switch (event.form()) {
      case ROW -> row(row, Integer.MAX_VALUE);
      case COLUMN -> column(row / rows * memory.columns() + column, Integer.MAX_VALUE);
      case BLOCK -> block(row, column);
    };
  }

  private List<SingleFault> row(long row, int most) {
    List<SingleFault> cells = new ArrayList<>();
    for (int column = 0; column < memory.columns() && cells.size() < most; column++) {
      add(row, column, cells);
    }
    return cells;
  }

  /**
   * @param line array · columns + column
   */
  private List<SingleFault> column(long line, int most) {
    List<SingleFault> cells = new ArrayList<>();
    int rows = memory.storage().rows();
    long top = line / memory.columns() * rows;
    for (int row = 0; row < rows && cells.size() < most; row++) {
      add(top + row, (int) (line % memory.columns()), cells);
    }
    return cells;
  }

  /** It wraps at the edges of the array. */
  private List<SingleFault> block(long row, int column) {
    List<SingleFault> cells = new ArrayList<>();
    int rows = memory.storage().rows();
    long top = row / rows * rows;
    for (int down = 0; down < event.rows(); down++) {
      for (int across = 0; across < event.columns(); across++) {
        add(top + (row - top + down) % rows, (column + across) % memory.columns(), cells);
      }
    }
    return cells;
  }

  private void add(long row, int column, List<SingleFault> cells) {
    long cell = memory.cellAt(row, column);
    if (cell != MemoryLayout.NO_CELL
        && scope.contains(MemoryLayout.layer(cell), MemoryLayout.cell(cell))) {
      cells.add(
          new SingleFault(
              MemoryLayout.layer(cell), MemoryLayout.weight(cell), MemoryLayout.cell(cell)));
    }
  }

  /** Whether a cell is the first of an event. */
  public boolean isFirst(SingleFault cell) {
    return event.form() == Form.BLOCK
        ? scope.contains(cell.layer(), cell.bit())
        : Arrays.stream(firsts[cell.layer()][cell.bit()]).anyMatch(w -> w == cell.weight());
  }
}
