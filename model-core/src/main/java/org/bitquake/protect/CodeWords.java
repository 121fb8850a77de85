package org.bitquake.protect;

/**
 * What is wrong in words of a code, one in each of neighbouring words of the memory. All is 0 once
 * they are taken.
 */
final class CodeWords {
  /** The wrong data bits. */
  private final long[] wrong;

  /** The sums of the columns of all wrong bits. */
  private final char[] syndromes;

  private final PlaceRing hit;

  /**
   * @param ring words, a power of two
   */
  CodeWords(int ring) {
    wrong = new long[ring];
    syndromes = new char[ring];
    hit = new PlaceRing(ring);
  }

  void data(int word, int place, int column) {
    wrong[word & (wrong.length - 1)] ^= 1L << place;
    check(word, column);
  }

  void check(int word, int column) {
    syndromes[word & (syndromes.length - 1)] ^= (char) column;
    hit.add(word);
  }

  /** Takes out the words of a group of 64 below one that have wrong bits, a bit for each. */
  long take(int group, int end) {
    return hit.take(group, end);
  }

  long takeWrong(int word) {
    int at = word & (wrong.length - 1);
    long its = wrong[at];
    wrong[at] = 0;
    return its;
  }

  int takeSyndrome(int word) {
    int at = word & (syndromes.length - 1);
    int its = syndromes[at];
    syndromes[at] = 0;
    return its;
  }
}
