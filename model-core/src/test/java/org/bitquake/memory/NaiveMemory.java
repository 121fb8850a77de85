package org.bitquake.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arrays of a memory as pictures, filled by hand: what {@link MemoryLayout} must agree with.
 * Written from the definition, code after code and word after word, without a division.
 */
public final class NaiveMemory {
  private final Storage storage;
  private final int wordCells;
  private final List<Cell[][]> arrays = new ArrayList<>();
  private final Map<Cell, Spot> spots = new HashMap<>();
  private int words;

  /** The word that comes next. */
  private int array = -1;

  private int row;
  private int inRow;

  /** A cell of a network. */
  public record Cell(int layer, int weight, int cell) {}

  /** Where it lies. */
  public record Spot(int array, int row, int column) {}

  public NaiveMemory(Storage storage, int[] weights, int[] bits, int bitsPerCell) {
    this.storage = storage;
    wordCells = storage.word() / bitsPerCell;
    row = storage.rows();
    for (int layer = 0; layer < weights.length; layer++) {
      int cells = 0;
      while (cells * bitsPerCell < bits[layer]) {
        cells++;
      }
      int used = wordCells; // a layer begins a word
      for (int weight = 0; weight < weights[layer]; weight++) {
        if (used + cells > wordCells) {
          nextWord();
          used = 0;
        }
        for (int cell = 0; cell < cells; cell++) {
          put(used++, new Cell(layer, weight, cell));
        }
      }
    }
  }

  private void nextWord() {
    words++;
    inRow++;
    if (inRow >= storage.wordsPerRow()) {
      inRow = 0;
      row++;
    }
    if (array < 0 || row == storage.rows()) {
      row = 0;
      inRow = 0;
      array++;
      arrays.add(new Cell[storage.rows()][storage.wordsPerRow() * wordCells]);
    }
  }

  private void put(int place, Cell cell) {
    int column =
        storage.interleave() ? place * storage.wordsPerRow() + inRow : inRow * wordCells + place;
    arrays.get(array)[row][column] = cell;
    spots.put(cell, new Spot(array, row, column));
  }

  public int words() {
    return words;
  }

  public int arrays() {
    return arrays.size();
  }

  public int rows() {
    return storage.rows();
  }

  public int columns() {
    return storage.wordsPerRow() * wordCells;
  }

  /** The cell at a place, or null. */
  public Cell at(int array, int row, int column) {
    return arrays.get(array)[row][column];
  }

  public Spot spot(int layer, int weight, int cell) {
    return spots.get(new Cell(layer, weight, cell));
  }

  public Map<Cell, Spot> spots() {
    return spots;
  }
}
