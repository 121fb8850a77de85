package org.bitquake.protect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
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
  final List<CodeWord> words = new ArrayList<>();

  /** Of each data bit of the memory's word: its code word, which bit it is there, its column. */
  final int[] wordOfBit;

  final int[] placeOfBit;
  final int[] columnOfBit;

  /** Of each check bit: its code word, and the column there. */
  final int[] wordOfCheck;

  final int[] columnOfCheck;

  /**
   * A word of a code.
   *
   * @param weights the weight of the memory's word that has each of its data bits
   * @param masks and which bit of that weight it is, set
   * @param weightSet all those weights, a bit for each from the first one on
   */
  record CodeWord(
      LinearCode code, boolean zeroOnError, int[] weights, int[] masks, long weightSet) {}

  /**
   * @param parts of the protection
   * @param partOfBit the part of each bit of a weight, or {@link #NONE}
   * @param wordBits data bits of a word of the memory
   */
  WordChecks(List<Part> parts, int[] partOfBit, int codesPerWord, int wordBits) {
    bits = partOfBit.length;
    this.codesPerWord = codesPerWord;
    wordOfBit = new int[codesPerWord * bits];
    placeOfBit = new int[codesPerWord * bits];
    columnOfBit = new int[codesPerWord * bits];
    Arrays.fill(wordOfBit, NONE);
    for (int p = 0; p < parts.size(); p++) {
      if (parts.get(p) instanceof Part.Checked part) {
        int its = p;
        for (int first = 0; first < wordBits; first += part.word()) {
          int[] positions = positions(first, part.word(), at -> partOfBit[at % bits] == its);
          if (positions.length > 0) {
            var code = part.code().of(positions.length);
            add(code, part.onError() == Part.OnError.ZERO, positions);
          }
        }
      }
    }
    wordOfCheck =
        IntStream.range(0, words.size())
            .flatMap(i -> IntStream.range(0, words.get(i).code().checkBits()).map(check -> i))
            .toArray();
    columnOfCheck =
        words.stream().map(CodeWord::code).flatMapToInt(WordChecks::columnsOfChecks).toArray();
  }

  private int[] positions(int first, int count, IntPredicate of) {
    return IntStream.range(first, Math.min(first + count, wordOfBit.length)).filter(of).toArray();
  }

  private void add(LinearCode code, boolean zeroOnError, int[] positions) {
    for (int i = 0; i < positions.length; i++) {
      wordOfBit[positions[i]] = words.size();
      placeOfBit[positions[i]] = i;
      columnOfBit[positions[i]] = code.column(i);
    }
    int[] weights = Arrays.stream(positions).map(its -> its / bits).toArray();
    int[] masks = Arrays.stream(positions).map(its -> 1 << its % bits).toArray();
    long set =
        Arrays.stream(weights)
            .mapToLong(its -> 1L << (its - weights[0]))
            .reduce(0, (a, b) -> a | b);
    words.add(new CodeWord(code, zeroOnError, weights, masks, set));
  }

  private static IntStream columnsOfChecks(LinearCode code) {
    return IntStream.range(0, code.checkBits()).map(i -> code.column(code.dataBits() + i));
  }

  /** Check bits of a word of the memory. */
  int checks() {
    return wordOfCheck.length;
  }
}
