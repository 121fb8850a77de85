package org.bitquake.memory;

import org.bitquake.Text;

/**
 * The form of a memory. An array has at most {@link #MOST_CELLS} cells.
 *
 * @param word bits of a word, 1 to 1024
 * @param rows of an array, 1 to 65,536
 * @param wordsPerRow words side by side in a row of an array, 1 to 1024
 * @param interleave whether bit j of all words in a row are neighbours (column multiplexing);
 *     otherwise the bits of each word are
 */
public record Storage(int word, int rows, int wordsPerRow, boolean interleave) {
  /** Words of 32 bits, arrays of 256 × 128 cells, interleaved. */
  public static final Storage DEFAULT = new Storage(32, 256, 4, true);

  /** Of words that hold codes. */
  public static final int LEAST_WORD = 2;

  public static final int MOST_WORD = 1024;
  public static final int MOST_ROWS = 1 << 16;
  public static final int MOST_WORDS_PER_ROW = 1024;

  /** Faults are drawn for whole arrays, so larger ones would make small networks slow. */
  public static final long MOST_CELLS = 1L << 28;

  public Storage {
    within("word", word, 1, MOST_WORD);
    within("rows", rows, 1, MOST_ROWS);
    within("wordsPerRow", wordsPerRow, 1, MOST_WORDS_PER_ROW);
    within("cells of an array", (long) word * rows * wordsPerRow, 1, MOST_CELLS);
  }

  private static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          Text.of("%s of a memory: %d is outside %d…%d", what, value, least, most));
    }
  }
}
