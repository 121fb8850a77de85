package org.bitquake.fault;

import org.apache.commons.math3.util.FastMath;

/**
 * The random numbers of the events of one trial. Streams are told apart by a number that each
 * pattern chooses for itself.
 */
public final class EventStream {
  /** Edges of the bands of marks: 0, 2⁻¹⁶, 2⁻¹⁵, …, ½, 1. */
  private static final int BANDS = 17;

  private static final double[] EDGES = new double[BANDS + 1];

  /** 1 / log(1 − q) of each band; q = 1 of the last gives −0: no skip. */
  private static final double[] SKIP_SCALES = new double[BANDS];

  static {
    for (int band = 1; band <= BANDS; band++) {
      EDGES[band] = FastMath.scalb(1.0, band - BANDS);
      double q = (EDGES[band] - EDGES[band - 1]) / (1 - EDGES[band - 1]);
      SKIP_SCALES[band - 1] = 1 / FastMath.log1p(-q);
    }
  }

  /** Blocks that are drawn together at most. */
  public static final int MOST_BLOCKS = BlockRun.MOST;

  /** Exponential numbers of a block. */
  public static final int NUMBERS_OF_BLOCK = 8;

  /** Exponential numbers that are drawn together at most. */
  public static final int MOST_NUMBERS = NUMBERS_OF_BLOCK * MOST_BLOCKS;

  private final BlockRun run;
  private Philox random = new Philox(0, 0);

  /**
   * @param plainBlocks blocks to draw before vectors are used
   */
  EventStream(long plainBlocks) {
    run = new BlockRun(plainBlocks);
  }

  /** Goes on to another trial. */
  void begin(Philox random) {
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
    for (int band = 0; band < BANDS && EDGES[band] < most; band++) {
      double q = (EDGES[band + 1] - EDGES[band]) / (1 - EDGES[band]);
      long position = 0;
      int count;
      for (long block = 0; position < positions; block += count) {
        count = HitRun.blocksFor((positions - position) * q);
        run.draw(random, block, count, stream, band, Philox.EVENTS);
        run.skips(count, SKIP_SCALES[band]);
        position = hits(position, positions, count, band, most, out);
      }
    }
  }

  /**
   * Names what the blocks of the last draw hit.
   *
   * @return the position after their last hit, or the number of positions at the end
   */
  private long hits(long first, long positions, int count, int band, double most, Events out) {
    double low = EDGES[band];
    double width = EDGES[band + 1] - low;
    double highest = Math.nextDown(EDGES[band + 1]);
    long position = first;
    for (int i = 0; i < 2 * count; i++) {
      long skip = run.skip(i >> 1, i & 1);
      if (skip >= positions - position) {
        return positions;
      }
      position += skip;
      double uniform = Philox.unitClosedOpen(run.word(i >> 1, 2 * (i & 1) + 1));
      double mark = Math.min(low + width * uniform, highest);
      if (mark < most) {
        out.event(position, mark);
      }
      position++;
    }
    return position;
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

  /**
   * Blocks first … first + count − 1 of a stream, whose words {@link #wordOf} then gives.
   *
   * @param count at most {@link #MOST_BLOCKS}
   */
  public void blocks(long first, int count, long stream) {
    run.draw(random, first, count, stream, 0, Philox.EVENT_WORDS);
  }

  /** A word of the last {@link #blocks}, numbered through. */
  public long wordOf(int number) {
    return run.word(number >> 2, number & 3);
  }

  /**
   * Exponential numbers with mean 1 from blocks first, first + 1, … of a stream, two of each word:
   * −log of odd multiples of 2⁻³³.
   *
   * @param count a multiple of {@link #NUMBERS_OF_BLOCK}, at most {@link #MOST_NUMBERS}
   */
  public void exponentials(long first, int count, long stream, double[] numbers) {
    blocks(first, count / NUMBERS_OF_BLOCK, stream);
    for (int i = 0; i < count; i += 2) {
      long word = run.word(i / NUMBERS_OF_BLOCK, (i >> 1) & 3);
      numbers[i] = -UnitLog.log(((word >>> 32) + 0.5) * 0x1p-32);
      numbers[i + 1] = -UnitLog.log(((word & 0xFFFFFFFFL) + 0.5) * 0x1p-32);
    }
  }

  /** −log of a number uniform on (0, 1]: exponential with mean 1. */
  public static double exponential(long word) {
    return -UnitLog.log(Philox.unitOpenClosed(word));
  }

  /** log u, u a normal number above 0: the same bits on every machine. */
  public static double log(double u) {
    return UnitLog.log(u);
  }
}
