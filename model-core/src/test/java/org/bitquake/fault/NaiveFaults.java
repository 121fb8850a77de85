package org.bitquake.fault;

import java.util.Arrays;
import java.util.List;
import org.bitquake.memory.NaiveMemory;
import org.bitquake.memory.Storage;

/**
 * A faulty memory as a picture of its arrays: what each cell holds, and whether it is faulty. Read
 * cell by cell: what {@link FaultMap} must agree with.
 */
final class NaiveFaults {
  private final int[] weights;
  private final int[] bits;
  private final int bitsPerCell;
  private final NaiveMemory memory;
  private final int[][][] held;
  private final boolean[][][] faulty;

  /** What a faulty cell reads. */
  @FunctionalInterface
  interface Reading {
    /**
     * What the cell at a place reads.
     *
     * @param levels that the cell can hold
     */
    int read(NaiveFaults memory, int array, int row, int column, int levels);
  }

  NaiveFaults(Storage storage, int[] weights, int[] bits, int bitsPerCell) {
    this.weights = weights;
    this.bits = bits;
    this.bitsPerCell = bitsPerCell;
    memory = new NaiveMemory(storage, weights, bits, bitsPerCell);
    held = new int[memory.arrays()][memory.rows()][memory.columns()];
    faulty = new boolean[memory.arrays()][memory.rows()][memory.columns()];
  }

  NaiveMemory memory() {
    return memory;
  }

  int held(int array, int row, int column) {
    return held[array][row][column];
  }

  boolean faulty(int array, int row, int column) {
    return faulty[array][row][column];
  }

  /** Bits of a cell of a code: the lowest has what is left. */
  private int width(int layer, int cell) {
    int above = bits[layer];
    for (int i = cellsOf(layer) - 1; i > cell; i--) {
      above -= bitsPerCell;
    }
    return Math.min(above, bitsPerCell);
  }

  private int cellsOf(int layer) {
    return (int) Math.ceil(bits[layer] / (double) bitsPerCell);
  }

  void write(Encoding encoding, byte[][] codes) {
    for (int layer = 0; layer < codes.length; layer++) {
      for (int weight = 0; weight < codes[layer].length; weight++) {
        int rest = encoding.encode(codes[layer][weight], bits[layer]);
        for (int cell = 0; cell < cellsOf(layer); cell++) {
          var spot = memory.spot(layer, weight, cell);
          int levels = 1 << width(layer, cell);
          held[spot.array()][spot.row()][spot.column()] = rest % levels;
          rest /= levels;
        }
      }
    }
  }

  void fail(List<FaultSite> sites) {
    for (boolean[][] array : faulty) {
      for (boolean[] row : array) {
        Arrays.fill(row, false);
      }
    }
    for (var site : sites) {
      var spot = memory.spot(site.layer(), site.weight(), site.bit());
      faulty[spot.array()][spot.row()][spot.column()] = true;
    }
  }

  /** The codes that are read. */
  byte[][] read(Encoding encoding, Reading reading) {
    int[][][] read = new int[memory.arrays()][memory.rows()][memory.columns()];
    for (int array = 0; array < memory.arrays(); array++) {
      for (int row = 0; row < memory.rows(); row++) {
        for (int column = 0; column < memory.columns(); column++) {
          read[array][row][column] = held[array][row][column];
          var cell = memory.at(array, row, column);
          if (faulty[array][row][column]) {
            int levels = 1 << width(cell.layer(), cell.cell());
            read[array][row][column] = reading.read(this, array, row, column, levels);
          }
        }
      }
    }
    byte[][] codes = new byte[weights.length][];
    for (int layer = 0; layer < weights.length; layer++) {
      codes[layer] = new byte[weights[layer]];
      for (int weight = 0; weight < weights[layer]; weight++) {
        int stored = 0;
        for (int cell = cellsOf(layer) - 1; cell >= 0; cell--) {
          var spot = memory.spot(layer, weight, cell);
          stored = (stored << width(layer, cell)) + read[spot.array()][spot.row()][spot.column()];
        }
        codes[layer][weight] = (byte) encoding.decode(stored, bits[layer]);
      }
    }
    return codes;
  }
}
