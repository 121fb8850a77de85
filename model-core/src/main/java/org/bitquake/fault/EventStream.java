package org.bitquake.fault;

import org.apache.commons.math3.util.FastMath;

/**
 * The random numbers of the events of one trial. Streams are told apart by a number that each
 * pattern chooses for itself.
 */
public final class EventStream {
  /** Edges of the bands of marks: 0, 2⁻¹⁶, 2⁻¹⁵, …, ½, 1. */
  private static final int BANDS = 17;

  private final Philox random;

  EventStream(Philox random) {
    this.random = random;
  }

  /** Takes events. */
  @FunctionalInterface
  public interface Events {
    void event(long position, double mark);
  }

  /**
   * The positions 0 … {@code positions} − 1 whose mark, uniform on [0, 1) and independent of all
   * others, is below {@code most}: by the bands of {@link FaultSampler}, with other edges. A
   * position is named once, or again with a higher mark.
   */
  public void below(double most, long stream, long positions, Events out) {
    for (int band = 0; band < BANDS && lower(band) < most; band++) {
      double low = lower(band);
      double high = lower(band + 1);
      double scale = 1 / FastMath.log1p(-(high - low) / (1 - low)); // q = 1 gives −0: no skip
      long position = 0;
      for (long block = 0; position < positions; block++) {
        random.block(block, stream, band, Philox.EVENTS);
        position =
            hit(position, positions, random.word0, random.word1, low, high, scale, most, out);
        position =
            hit(position, positions, random.word2, random.word3, low, high, scale, most, out);
      }
    }
  }

  private static long hit(
      long position,
      long positions,
      long skipWord,
      long markWord,
      double low,
      double high,
      double scale,
      double most,
      Events out) {
    double skip = UnitLog.log(Philox.unitOpenClosed(skipWord)) * scale;
    if (skip >= positions - position) {
      return positions;
    }
    long at = position + (long) skip;
    double mark =
        Math.min(low + (high - low) * Philox.unitClosedOpen(markWord), Math.nextDown(high));
    if (mark < most) {
      out.event(at, mark);
    }
    return at + 1;
  }

  private static double lower(int band) {
    return band == 0 ? 0 : FastMath.scalb(1.0, band - BANDS);
  }

  /**
   * A block of random words, which {@link #word} then gives: a function of (seed, trial, stream,
   * block).
   */
  public void block(long block, long stream) {
    random.block(block, stream, 0, Philox.EVENT_WORDS);
  }

  /** Word 0 … 3 of the last block. */
  public long word(int i) {
    return random.word(i);
  }

  /** −log of a number uniform on (0, 1]: exponential with mean 1. */
  public static double exponential(long word) {
    return -UnitLog.log(Philox.unitOpenClosed(word));
  }
}
