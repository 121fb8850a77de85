package org.bitquake.jobs.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.bitquake.Text;
import org.bitquake.memory.Storage;

/** The form of the memory in a configuration; by default {@link Storage#DEFAULT}. */
public record MemoryConfig(
    @Key(
            value = "data bits of a word",
            byDefault = "32",
            least = Storage.LEAST_WORD,
            most = Storage.MOST_WORD)
        int word,
    @Key(value = "rows of an array", byDefault = "256", least = 1, most = Storage.MOST_ROWS)
        int rows,
    @Key(
            value = "words side by side in a row of an array",
            byDefault = "4",
            least = 1,
            most = Storage.MOST_WORDS_PER_ROW)
        int wordsPerRow,
    @Key(
            value =
                "whether bit j of all words in a row are neighbours (column multiplexing); otherwise"
                    + " the bits of each word are",
            byDefault = "true")
        boolean interleave) {
  /** Faults are drawn in whole arrays, so these must not be much larger than a network. */
  private static final long MOST_CELLS = 1L << 26;

  public MemoryConfig {
    within("word", word, Storage.LEAST_WORD, Storage.MOST_WORD);
    within("rows", rows, 1, Storage.MOST_ROWS);
    within("wordsPerRow", wordsPerRow, 1, Storage.MOST_WORDS_PER_ROW);
    if ((long) word * rows * wordsPerRow > MOST_CELLS) {
      throw new InvalidValue(
          "rows",
          Text.of(
              "an array of %d rows, %d words of %d bits has more than %d cells; make it smaller",
              rows, wordsPerRow, word, MOST_CELLS));
    }
  }

  private static void within(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new InvalidValue(key, Text.of("%d is outside %d…%d", value, least, most));
    }
  }

  static MemoryConfig of(Storage storage) {
    return new MemoryConfig(
        storage.word(), storage.rows(), storage.wordsPerRow(), storage.interleave());
  }

  /** Adds it to JSON, always in the same words. */
  void putIn(ObjectNode node) {
    node.putObject("memory")
        .put("word", word)
        .put("rows", rows)
        .put("wordsPerRow", wordsPerRow)
        .put("interleave", interleave);
  }

  /** What layouts are made with. */
  public Storage storage() {
    return new Storage(word, rows, wordsPerRow, interleave);
  }
}
