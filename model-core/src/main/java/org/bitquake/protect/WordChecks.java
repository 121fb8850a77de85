package org.bitquake.protect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The check bits of the words of one layer: which words of codes a word of the memory has, and what
 * of them each of its bits is.
 */
final class WordChecks {
  /** Of a bit that no code is about. */
  static final int NONE = -1;

  /** Bits of each weight. */
  final int bits;

  final int codesPerWord;

  /** The words of codes in a word of the memory. */
  final List<CodeWord> words;

  /** Of each data bit of the memory's word: its code word, and the column there. */
  final int[] wordOfBit;

  final int[] columnOfBit;

  /** Of each check bit: its code word, and the column there. */
  final int[] wordOfCheck;

  final int[] columnOfCheck;

  /**
   * A word of a code.
   *
   * @param weights the weight of the memory's word that has each of its data bits
   * @param masks and which bit of that weight it is, set
   */
  record CodeWord(LinearCode code, boolean zeroOnError, int[] weights, int[] masks) {}

  /**
   * @param parts of the protection
   * @param partOfBit the part of each bit of a weight, or {@link #NONE}
   * @param wordBits data bits of a word of the memory
   */
  WordChecks(List<Part> parts, int[] partOfBit, int codesPerWord, int wordBits) {
    this.bits = partOfBit.length;
    this.codesPerWord = codesPerWord;
    words = new ArrayList<>();
    wordOfBit = new int[codesPerWord * bits];
    columnOfBit = new int[codesPerWord * bits];
    Arrays.fill(wordOfBit, NONE);
    List<Integer> checkWords = new ArrayList<>();
    List<Integer> checkColumns = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      if (parts.get(p) instanceof Part.Checked part) {
        for (int first = 0; first < wordBits; first += part.word()) {
          int[] positions = positions(partOfBit, p, first, part.word());
          if (positions.length > 0) {
            var code = part.code().of(positions.length);
            for (int i = 0; i < positions.length; i++) {
              wordOfBit[positions[i]] = words.size();
              columnOfBit[positions[i]] = code.column(i);
            }
            for (int i = 0; i < code.checkBits(); i++) {
              checkWords.add(words.size());
              checkColumns.add(code.column(positions.length + i));
            }
            words.add(
                new CodeWord(
                    code,
                    part.onError() == Part.OnError.ZERO,
                    Arrays.stream(positions).map(its -> its / bits).toArray(),
                    Arrays.stream(positions).map(its -> 1 << its % bits).toArray()));
          }
        }
      }
    }
    wordOfCheck = checkWords.stream().mapToInt(its -> its).toArray();
    columnOfCheck = checkColumns.stream().mapToInt(its -> its).toArray();
  }

  private int[] positions(int[] partOfBit, int part, int first, int word) {
    return IntStream.range(first, Math.min(first + word, wordOfBit.length))
        .filter(position -> partOfBit[position % bits] == part)
        .toArray();
  }

  /** Check bits of a word of the memory. */
  int checks() {
    return wordOfCheck.length;
  }
}
