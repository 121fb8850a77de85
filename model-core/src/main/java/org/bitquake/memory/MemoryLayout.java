package org.bitquake.memory;

import java.util.Arrays;
import org.bitquake.Text;

/**
 * Where the weight codes of a network lie. A layer's codes, in order, fill words from bit 0 on; a
 * layer begins a new word. Words fill the rows of arrays, row after row and array after array,
 * through all layers. What a word or the last array has more than codes need is no cell of the
 * network; it holds 0.
 *
 * <p>A cell holds {@code bitsPerCell} bits, a code being split from its top bit, so its lowest cell
 * may hold fewer. An <b>address</b> numbers the places of all arrays: ((array · rows) + row) ·
 * columns + column.
 */
public final class MemoryLayout {
  /** What {@link #cellAt} answers where an array has no cell of the network. */
  public static final long NO_CELL = -1;

  /** Weights of a layer are fewer: weight · 8 + cell fits an int. */
  public static final int MOST_WEIGHTS = 1 << 28;

  private static final int MIN_BITS = 1;
  private static final int LAYER_SHIFT = 32;
  private static final int CELL_BITS = 3;

  private final Storage storage;
  private final int[] weights;
  private final int[] bits;
  private final int bitsPerCell;

  /** Places for cells in a word. */
  private final int wordCells;

  /** Cells of each code, per layer. */
  private final int[] cells;

  private final int[] codesPerWord;

  /** The first word of each layer, and after them the number of all words. */
  private final long[] firstWord;

  /** Of each column: the word in its row, and the place in the word. */
  private final int[] wordOfColumn;

  private final int[] placeOfColumn;

  /** Of each width of codes in cells: the code in its word and the cell in its code, by place. */
  private final int[][] codeOfPlace = new int[Byte.SIZE + 1][];

  private final int[][] cellOfPlace = new int[Byte.SIZE + 1][];

  /**
   * Lays out weights.
   *
   * @param weights number of weights of each weight layer, 1 to {@link #MOST_WEIGHTS} − 1
   * @param bits of each weight, 1 to 8, per weight layer
   * @param bitsPerCell bits that one cell holds
   * @throws IllegalArgumentException if there is no such layer, or a word cannot hold a code
   */
  public MemoryLayout(Storage storage, int[] weights, int[] bits, int bitsPerCell) {
    requireLayers(weights, bits);
    this.storage = storage;
    this.weights = weights.clone();
    this.bits = bits.clone();
    this.bitsPerCell = bitsPerCell;
    wordCells = storage.word() / bitsPerCell;
    cells = Arrays.stream(bits).map(b -> (b + bitsPerCell - 1) / bitsPerCell).toArray();
    codesPerWord = Arrays.stream(cells).map(c -> wordCells / c).toArray();
    firstWord = new long[weights.length + 1];
    for (int layer = 0; layer < weights.length; layer++) {
      if (codesPerWord[layer] == 0) {
        throw new IllegalArgumentException(
            Text.of(
                "a word of %d bits cannot hold a code of %d bits", storage.word(), bits[layer]));
      }
      firstWord[layer + 1] = firstWord[layer] + ceil(weights[layer], codesPerWord[layer]);
    }
    int columns = columns();
    wordOfColumn = new int[columns];
    placeOfColumn = new int[columns];
    for (int column = 0; column < columns; column++) {
      int across = storage.interleave() ? storage.wordsPerRow() : wordCells;
      wordOfColumn[column] = storage.interleave() ? column % across : column / across;
      placeOfColumn[column] = storage.interleave() ? column / across : column % across;
    }
    for (int layer = 0; layer < weights.length; layer++) {
      placeCodes(cells[layer], codesPerWord[layer]);
    }
  }

  private static void requireLayers(int[] weights, int[] bits) {
    if (weights.length != bits.length) {
      throw new IllegalArgumentException(
          Text.of("%d layers have weights, %d have bits", weights.length, bits.length));
    }
    for (int layer = 0; layer < weights.length; layer++) {
      if (weights[layer] < 1
          || weights[layer] >= MOST_WEIGHTS
          || bits[layer] < MIN_BITS
          || bits[layer] > Byte.SIZE) {
        throw new IllegalArgumentException(
            Text.of(
                "layer %d: no memory of %d weights of %d bits",
                layer, weights[layer], bits[layer]));
      }
    }
  }

  /** {@link Storage#DEFAULT} with a bit in each cell. */
  public static MemoryLayout plain(int[] weights, int[] bits) {
    return new MemoryLayout(Storage.DEFAULT, weights, bits, 1);
  }

  private void placeCodes(int width, int codes) {
    if (codeOfPlace[width] == null) {
      codeOfPlace[width] = new int[wordCells];
      cellOfPlace[width] = new int[wordCells];
      for (int place = 0; place < wordCells; place++) {
        codeOfPlace[width][place] = place < codes * width ? place / width : -1;
        cellOfPlace[width][place] = place % width;
      }
    }
  }

  private static long ceil(long a, long b) {
    return (a + b - 1) / b;
  }

  public Storage storage() {
    return storage;
  }

  /** The number of weight layers. */
  public int layers() {
    return weights.length;
  }

  /** Number of weights of each weight layer. */
  public int[] weights() {
    return weights.clone();
  }

  /** Bits of each weight, per weight layer. */
  public int[] bits() {
    return bits.clone();
  }

  public int bitsPerCell() {
    return bitsPerCell;
  }

  /** Cells of each weight, per weight layer. */
  public int[] cells() {
    return cells.clone();
  }

  /** Cells side by side in a row of an array. */
  public int columns() {
    return storage.wordsPerRow() * wordCells;
  }

  /** Arrays that hold the network; the last one may be filled in part. */
  public long arrays() {
    return ceil(ceil(words(), storage.wordsPerRow()), storage.rows());
  }

  /** Words that hold the network. */
  public long words() {
    return firstWord[weights.length];
  }

  /** Words that hold a layer. */
  public long words(int layer) {
    return firstWord[layer + 1] - firstWord[layer];
  }

  /** Codes of a layer in each of its words. */
  public int codesPerWord(int layer) {
    return codesPerWord[layer];
  }

  /** Places of all arrays, those without a cell too. */
  public long places() {
    return Math.multiplyExact(
        Math.multiplyExact(arrays(), (long) storage.rows()), (long) columns());
  }

  /**
   * The cell at an address, for {@link #layer}, {@link #weight} and {@link #cell}; {@link #NO_CELL}
   * where there is none.
   */
  public long cellAt(long address) {
    int columns = wordOfColumn.length;
    return cellAt(address / columns, (int) (address % columns));
  }

  /**
   * The same, by row and column.
   *
   * @param row array · rows + row in the array
   */
  public long cellAt(long row, int column) {
    long word = row * storage.wordsPerRow() + wordOfColumn[column];
    return word >= words() ? NO_CELL : cellIn(layerOf(word), word, placeOfColumn[column]);
  }

  private long cellIn(int layer, long word, int place) {
    int code = codeOfPlace[cells[layer]][place];
    long weight = (word - firstWord[layer]) * codesPerWord[layer] + code;
    return code < 0 || weight >= weights[layer]
        ? NO_CELL
        : ((long) layer << LAYER_SHIFT) | (weight << CELL_BITS) | cellOfPlace[cells[layer]][place];
  }

  /** Finds cells one after another; fastest where they lie near each other. Not thread-safe. */
  public final class Finder {
    private final int wordsPerRow = storage.wordsPerRow();

    /** Of each column and each width of codes: code · 8 + cell in the word; or none. */
    private final int[][] inWord = new int[Byte.SIZE + 1][];

    /** The layer of the last cell: its first word, and the one after its last. */
    private int layer;

    private long first;
    private long end;
    private long cellsPerWord;
    private long cellsOfLayer;
    private int[] inItsWords = {};

    private Finder() {
      for (int width = 1; width < inWord.length; width++) {
        inWord[width] = codeOfPlace[width] == null ? new int[0] : inWord(width);
      }
      enter(0);
    }

    private int[] inWord(int width) {
      return Arrays.stream(placeOfColumn)
          .map(
              place -> {
                int code = codeOfPlace[width][place];
                return code < 0 ? -1 : code << CELL_BITS | cellOfPlace[width][place];
              })
          .toArray();
    }

    private void enter(int layer) {
      this.layer = layer;
      first = firstWord[layer];
      end = firstWord[layer + 1];
      cellsPerWord = (long) codesPerWord[layer] << CELL_BITS;
      cellsOfLayer = (long) weights[layer] << CELL_BITS;
      inItsWords = inWord[cells[layer]];
    }

    /** As {@link MemoryLayout#cellAt(long, int)}. */
    public long cellAt(long row, int column) {
      long word = row * wordsPerRow + wordOfColumn[column];
      if (word >= end || word < first) {
        if (word >= words()) {
          return NO_CELL;
        }
        enter(layerOf(word));
      }
      int its = inItsWords[column];
      long cell = (word - first) * cellsPerWord + its;
      return its < 0 || cell >= cellsOfLayer ? NO_CELL : ((long) layer << LAYER_SHIFT) | cell;
    }
  }

  /** A new one. */
  public Finder finder() {
    return new Finder();
  }

  private int layerOf(long word) {
    int low = 0;
    int high = weights.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstWord[middle] <= word) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** The layer of a cell, a position in {@code QuantizedNetwork.weightLayers()}. */
  public static int layer(long cell) {
    return (int) (cell >> LAYER_SHIFT);
  }

  /** The weight of a cell, a position in its layer's codes. */
  public static int weight(long cell) {
    return (int) cell >>> CELL_BITS;
  }

  /** The position of a cell in its code, 0 the least significant. */
  public static int cell(long cell) {
    return (int) cell & ((1 << CELL_BITS) - 1);
  }

  /** Where a cell lies. */
  public long address(int layer, int weight, int cell) {
    return row(layer, weight) * columns() + column(layer, weight, cell);
  }

  /** The row of a weight: array · rows + row in the array. */
  public long row(int layer, int weight) {
    return word(layer, weight) / storage.wordsPerRow();
  }

  /** The column of a cell in its array. */
  public int column(int layer, int weight, int cell) {
    int place = weight % codesPerWord[layer] * cells[layer] + cell;
    int inRow = (int) (word(layer, weight) % storage.wordsPerRow());
    return storage.interleave() ? place * storage.wordsPerRow() + inRow : inRow * wordCells + place;
  }

  private long word(int layer, int weight) {
    return firstWord[layer] + weight / codesPerWord[layer];
  }

  /** An address, taken apart. */
  public record Place(long array, int row, int column) {}

  /** The array, row and column of an address. */
  public Place place(long address) {
    long row = address / columns();
    return new Place(
        row / storage.rows(), (int) (row % storage.rows()), (int) (address % columns()));
  }
}
