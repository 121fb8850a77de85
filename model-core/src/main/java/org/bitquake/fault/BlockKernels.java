package org.bitquake.fault;

import java.util.Optional;

/**
 * What a draw of faults spends its time on, many blocks of {@link Philox} at once. Arrays have room
 * for a multiple of {@link #MOST_LANES}.
 */
public interface BlockKernels {
  /** Lanes of the widest vector. */
  int MOST_LANES = 8;

  /** Bound of the error of an estimated logarithm. */
  double LOG_ERROR = 1e-9;

  /** Why they do not work in this process, if they do not. */
  Optional<String> unavailable();

  /**
   * Computes the blocks of counters {@code (counter0[i], counter1, counter2[i], counter3)}.
   *
   * @param evenWords word 0 of block i to place i, word 2 to place {@code half} + i
   * @param oddWords likewise words 1 and 3
   */
  void blocks(
      Philox random,
      long[] counter0,
      long counter1,
      long[] counter2,
      long counter3,
      int count,
      long[] evenWords,
      long[] oddWords,
      int half);

  /**
   * Writes {@code log} {@link Philox#unitOpenClosed} of words, with an error of {@link #LOG_ERROR}
   * at most, times scales.
   *
   * @param from place of the first word and its result; its scale is at 0
   */
  void logarithms(long[] words, int from, int count, double[] scales, double[] results);
}
