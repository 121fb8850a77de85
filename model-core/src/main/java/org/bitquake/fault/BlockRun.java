package org.bitquake.fault;

import java.util.Arrays;

/** Consecutive blocks of a stream of {@link Philox}, many at once where vectors compute them. */
final class BlockRun {
  /** Blocks drawn at once at most: their words stay in the nearest cache. */
  static final int MOST = HitRun.MOST;

  /** Fewer than these are as fast one by one. */
  private static final int FEW = 4;

  private final long plainBlocks;
  private final long[] blocks = new long[MOST];
  private final long[] thirds = new long[MOST];

  /** Words 0 and 1 of a block at its place, words 2 and 3 {@link #MOST} places later. */
  private final long[] evenWords = new long[2 * MOST];

  private final long[] oddWords = new long[2 * MOST];

  /** Of the even words: estimates of their logarithms, times a scale. */
  private final double[] estimates = new double[2 * MOST];

  private final double[] scales = new double[MOST];
  private double scale;

  /** How near to a whole number an estimate may be wrong about it. */
  private double margin;

  private long drawn;

  BlockRun(long plainBlocks) {
    this.plainBlocks = plainBlocks;
  }

  /** Draws the blocks of counters (first … first + count − 1, counter1, counter2, counter3). */
  void draw(Philox random, long first, int count, long counter1, long counter2, long counter3) {
    if (count >= FEW && HitRun.LANES.isPresent() && drawn >= plainBlocks) {
      for (int i = 0; i < count; i++) {
        blocks[i] = first + i;
        thirds[i] = counter2;
      }
      var lanes = HitRun.LANES.get();
      lanes.blocks(random, blocks, counter1, thirds, counter3, count, evenWords, oddWords, MOST);
      return;
    }
    drawn += count;
    for (int i = 0; i < count; i++) {
      random.block(first + i, counter1, counter2, counter3);
      evenWords[i] = random.word0;
      oddWords[i] = random.word1;
      evenWords[MOST + i] = random.word2;
      oddWords[MOST + i] = random.word3;
    }
  }

  /**
   * Makes geometric skips of words 0 and 2 of the blocks of the last draw.
   *
   * @param scale what a logarithm is multiplied by
   */
  void skips(int count, double scale) {
    this.scale = scale;
    margin = BlockKernels.LOG_ERROR * Math.abs(scale);
    if (count >= FEW && HitRun.LANES.isPresent() && drawn >= plainBlocks) {
      Arrays.fill(scales, 0, count, scale);
      var lanes = HitRun.LANES.get();
      lanes.logarithms(evenWords, 0, count, scales, estimates);
      lanes.logarithms(evenWords, MOST, count, scales, estimates);
      return;
    }
    for (int i = 0; i < count; i++) {
      estimates[i] = UnitLog.estimate(Philox.unitOpenClosed(evenWords[i])) * scale;
      estimates[MOST + i] = UnitLog.estimate(Philox.unitOpenClosed(evenWords[MOST + i])) * scale;
    }
  }

  /** The places missed before hit 0 or 1 of a block: ⌊log u · scale⌋. */
  long skip(int block, int half) {
    int word = half * MOST + block;
    double estimate = estimates[word];
    long skip = (long) estimate;
    double part = estimate - skip;
    return part < margin || part > 1 - margin
        ? (long) (UnitLog.log(Philox.unitOpenClosed(evenWords[word])) * scale)
        : skip;
  }

  /** Word 0 … 3 of a block of the last draw. */
  long word(int block, int word) {
    return ((word & 1) == 0 ? evenWords : oddWords)[(word >> 1) * MOST + block];
  }
}
