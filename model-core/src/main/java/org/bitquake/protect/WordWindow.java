package org.bitquake.protect;

import java.util.stream.IntStream;
import org.bitquake.fault.Coder;

/**
 * The wrong bits of neighbouring words of one layer, between their being read and decoded. Scratch
 * is small, so it stays in the nearest caches: a place of the layer has the one of its number
 * modulo a power of two. All is 0 between layers. Not thread-safe.
 */
final class WordWindow {
  private final int[] weights;
  private final byte[] wrong;
  private final PlaceRing wrongWeights;

  /** Weights that are read as 0, whatever is wrong in them. */
  private final PlaceRing zeroWeights;

  /** Of each word of a code in a word of the memory: its sums of the columns of wrong bits. */
  private final char[][] syndromes;

  private final PlaceRing[] wrongWords;
  private WordChecks checks;
  private int ofLayer;
  private double perWeight;

  /**
   * @param mostWeights that lie between the first and the last one in the window
   * @param mostWords likewise, of the memory
   */
  WordWindow(ProtectedLayout layout, int mostWeights, int mostWords) {
    var data = layout.data();
    weights = data.weights();
    int words =
        IntStream.range(0, data.layers()).map(i -> layout.words(i).words.size()).max().orElse(0);
    int weightRing = ring(mostWeights);
    wrong = new byte[weightRing];
    wrongWeights = new PlaceRing(weightRing);
    zeroWeights = new PlaceRing(weightRing);
    int wordRing = ring(mostWords);
    syndromes = new char[words][wordRing];
    wrongWords =
        IntStream.range(0, words).mapToObj(i -> new PlaceRing(wordRing)).toArray(PlaceRing[]::new);
    checks = layout.words(0);
  }

  private static int ring(int most) {
    return Integer.highestOneBit(most + Long.SIZE) << 1;
  }

  void beginLayer(int layer, WordChecks checks) {
    this.checks = checks;
    ofLayer = weights[layer];
    perWeight = 1.0 / checks.codesPerWord;
  }

  /** Adds wrong bits of a weight, the first time that it is named. */
  void data(int weight, int wrongBits) {
    mark(weight, wrongBits);
    int word = (int) ((weight + 0.5) * perWeight);
    int first = (weight - word * checks.codesPerWord) * checks.bits;
    for (int rest = wrongBits; rest != 0; rest &= rest - 1) {
      int position = first + Integer.numberOfTrailingZeros(rest);
      if (checks.wordOfBit[position] != WordChecks.NONE) {
        add(word, checks.wordOfBit[position], checks.columnOfBit[position]);
      }
    }
  }

  /** Adds a wrong check bit of a word of the memory. */
  void check(int word, int check) {
    add(word, checks.wordOfCheck[check], checks.columnOfCheck[check]);
  }

  private void add(int word, int codeWord, int column) {
    char[] its = syndromes[codeWord];
    its[word & (its.length - 1)] ^= (char) column;
    wrongWords[codeWord].add(word);
  }

  private void mark(int weight, int wrongBits) {
    wrong[weight & (wrong.length - 1)] ^= (byte) wrongBits;
    wrongWeights.add(weight);
  }

  /** Decodes the words of the memory from {@code first} to {@code end}, their bits all added. */
  void decode(int first, int end) {
    for (int codeWord = 0; codeWord < checks.words.size(); codeWord++) {
      var its = checks.words.get(codeWord);
      char[] of = syndromes[codeWord];
      for (int group = first >> 6; group * Long.SIZE < end; group++) {
        for (long rest = wrongWords[codeWord].take(group, end); rest != 0; rest &= rest - 1) {
          int word = group * Long.SIZE + Long.numberOfTrailingZeros(rest);
          int at = word & (of.length - 1);
          int syndrome = of[at];
          of[at] = 0;
          if (syndrome != 0) {
            decode(word * checks.codesPerWord, its, syndrome);
          }
        }
      }
    }
  }

  private void decode(int first, WordChecks.CodeWord its, int syndrome) {
    for (long rest = its.code().flips(syndrome); rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      int weight = first + its.weights()[bit];
      if (weight < ofLayer) { // a decoder may see wrong bits where no code is
        mark(weight, its.masks()[bit]);
      }
    }
    if (its.zeroOnError() && its.code().isDetected(syndrome)) {
      for (int place : its.weights()) {
        int weight = first + place;
        if (weight < ofLayer) {
          wrongWeights.add(weight);
          zeroWeights.add(weight);
        }
      }
    }
  }

  /**
   * Writes what is read of those weights from {@code first} to {@code end} in which bits were
   * wrong.
   *
   * @return how many of them changed
   */
  int store(int first, int end, Coder coder, byte[] pristine, byte[] codes) {
    int changed = 0;
    for (int group = first >> 6; group * Long.SIZE < end; group++) {
      long zero = zeroWeights.take(group, end);
      for (long rest = wrongWeights.take(group, end); rest != 0; rest &= rest - 1) {
        int weight = group * Long.SIZE + Long.numberOfTrailingZeros(rest);
        int at = weight & (wrong.length - 1);
        int wrongBits = wrong[at] & 0xFF;
        wrong[at] = 0;
        byte before = pristine[weight];
        byte after = (zero & 1L << weight) != 0 ? 0 : coder.code(coder.cells(before) ^ wrongBits);
        codes[weight] = after;
        changed += before == after ? 0 : 1;
      }
    }
    return changed;
  }
}
