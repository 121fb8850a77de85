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
  private final CodeWords[] codeWords;

  /** What is wrong in weights that no code is about, or after decoding. */
  private final byte[] wrong;

  private final PlaceRing wrongWeights;

  /** Weights that are read as 0, whatever is wrong in them. */
  private final PlaceRing zeroWeights;

  private WordChecks checks;
  private int ofLayer;
  private double perWeight;

  /**
   * @param mostWeights between the first and the last one in the window
   * @param mostWords of the memory, likewise
   */
  WordWindow(ProtectedLayout layout, int mostWeights, int mostWords) {
    weights = layout.data().weights();
    int most =
        IntStream.range(0, weights.length).map(i -> layout.words(i).words.size()).max().orElse(0);
    codeWords = new CodeWords[most];
    for (int i = 0; i < most; i++) {
      codeWords[i] = new CodeWords(ring(mostWords));
    }
    wrong = new byte[ring(mostWeights)];
    wrongWeights = new PlaceRing(wrong.length);
    zeroWeights = new PlaceRing(wrong.length);
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

  /** Adds wrong bits of a weight. */
  void data(int weight, int wrongBits) {
    int word = (int) ((weight + 0.5) * perWeight);
    int first = (weight - word * checks.codesPerWord) * checks.bits;
    for (int rest = wrongBits; rest != 0; rest &= rest - 1) {
      int bit = first + Integer.numberOfTrailingZeros(rest);
      int codeWord = checks.wordOfBit[bit];
      if (codeWord == WordChecks.NONE) {
        mark(weight, 1 << (bit - first));
      } else {
        codeWords[codeWord].data(word, checks.placeOfBit[bit], checks.columnOfBit[bit]);
      }
    }
  }

  /** Adds a wrong check bit of a word of the memory. */
  void check(int word, int check) {
    codeWords[checks.wordOfCheck[check]].check(word, checks.columnOfCheck[check]);
  }

  /** Decodes the words of the memory from {@code first} to {@code end}, their bits all added. */
  void decode(int first, int end) {
    for (int i = 0; i < checks.words.size(); i++) {
      decode(first, end, checks.words.get(i), codeWords[i]);
    }
  }

  private void decode(int first, int end, WordChecks.CodeWord its, CodeWords words) {
    var code = its.code();
    boolean zeroOnError = its.zeroOnError();
    for (int group = first >> 6; group * Long.SIZE < end; group++) {
      for (long rest = words.take(group, end); rest != 0; rest &= rest - 1) {
        int word = group * Long.SIZE + Long.numberOfTrailingZeros(rest);
        int syndrome = words.takeSyndrome(word);
        long left = words.takeWrong(word) ^ code.flips(syndrome);
        if (left != 0) {
          markWrong(word * checks.codesPerWord, its, left);
        }
        if (zeroOnError && code.isDetected(syndrome)) {
          zeroWeights.addAll(
              word * checks.codesPerWord + its.weights()[0], its.weightSet(), ofLayer);
        }
      }
    }
  }

  private void markWrong(int first, WordChecks.CodeWord its, long bits) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      int weight = first + its.weights()[bit];
      if (weight < ofLayer) { // a decoder may see wrong bits where no code is
        mark(weight, its.masks()[bit]);
      }
    }
  }

  private void mark(int weight, int wrongBits) {
    wrong[weight & (wrong.length - 1)] ^= (byte) wrongBits;
    wrongWeights.add(weight);
  }

  /**
   * Writes what is read of those weights from {@code first} to {@code end} in which bits are wrong
   * after decoding.
   *
   * @return how many of them changed
   */
  int store(int first, int end, Coder coder, byte[] pristine, byte[] codes) {
    int changed = 0;
    for (int group = first >> 6; group * Long.SIZE < end; group++) {
      long zero = zeroWeights.take(group, end);
      for (long rest = zero | wrongWeights.take(group, end); rest != 0; rest &= rest - 1) {
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
