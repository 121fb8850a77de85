package org.bitquake.fault;

import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of streams of {@link Philox}, as the skips and the marks' positions of the hits of bands:
 * two hits a block; see {@link FaultSampler}. Many at a time, so that processors with wide vectors
 * compute them eight at a time.
 *
 * <p>A skip is ⌊log U · scale⌋ by {@link UnitLog#log}. Nearly all are known from an estimate of the
 * logarithm that costs a third: where it lies further from a whole number than it may be wrong,
 * both round down to the same.
 */
final class HitRun {
  private static final Logger LOG = LoggerFactory.getLogger(HitRun.class);

  /** Blocks drawn at once at most: their words stay in the nearest cache. */
  static final int MOST = 256;

  /**
   * Blocks after which vectors are used: until they are compiled they are slower than plain Java,
   * by about what so many blocks take.
   */
  static final long PLAIN_BLOCKS = 1 << 22;

  static final Optional<BlockKernels> LANES = lanes();

  private final long plainBlocks;
  private final int capacity;
  private final long[] blocks;
  private final long[] streams;
  private final double[] scales;

  /** Words 0 and 1 of a block at its place, words 2 and 3 {@code capacity} places later. */
  private final long[] skipWords;

  private final long[] positionWords;
  private final double[] estimates;
  private int size;
  private long drawn;

  HitRun(int blocks, long plainBlocks) {
    this.plainBlocks = plainBlocks;
    capacity =
        (blocks + BlockKernels.MOST_LANES - 1) / BlockKernels.MOST_LANES * BlockKernels.MOST_LANES;
    this.blocks = new long[capacity];
    streams = new long[capacity];
    scales = new double[capacity];
    skipWords = new long[2 * capacity];
    positionWords = new long[2 * capacity];
    estimates = new double[2 * capacity];
  }

  private static Optional<BlockKernels> lanes() {
    for (var kernels : ServiceLoader.load(BlockKernels.class, HitRun.class.getClassLoader())) {
      Optional<String> obstacle = kernels.unavailable();
      if (obstacle.isEmpty()) {
        return Optional.of(kernels);
      }
      LOG.info("faults are drawn without vectors: {}", obstacle.get());
    }
    return Optional.empty();
  }

  /** How many blocks to draw where so many hits are expected before the end of a stream. */
  static int blocksFor(double hits) {
    return (int) Math.min(MOST, 1 + hits / 2);
  }

  void clear() {
    size = 0;
  }

  /** Adds {@code count} blocks of a band from block {@code first} on. */
  void add(int bit, int band, long first, int count) {
    for (int i = 0; i < count; i++, size++) {
      blocks[size] = first + i;
      streams[size] = 64L * bit + band;
      scales[size] = Bands.skipScale(band);
    }
  }

  /** Draws all that was added. */
  void draw(Philox random, int layer) {
    if (LANES.isPresent() && drawn >= plainBlocks) {
      var lanes = LANES.get();
      lanes.blocks(
          random, blocks, layer, streams, Philox.FAULTS, size, skipWords, positionWords, capacity);
      lanes.logarithms(skipWords, 0, size, scales, estimates);
      lanes.logarithms(skipWords, capacity, size, scales, estimates);
      return;
    }
    drawn += size;
    for (int i = 0; i < size; i++) {
      random.block(blocks[i], layer, streams[i], Philox.FAULTS);
      skipWords[i] = random.word0;
      positionWords[i] = random.word1;
      skipWords[capacity + i] = random.word2;
      positionWords[capacity + i] = random.word3;
      estimates[i] = UnitLog.estimate(Philox.unitOpenClosed(random.word0)) * scales[i];
      estimates[capacity + i] = UnitLog.estimate(Philox.unitOpenClosed(random.word2)) * scales[i];
    }
  }

  /** The cells missed before hit 0 or 1 of the block at a place: below 4·10⁷, as log 2⁻⁵³/10⁻⁶. */
  int skip(int place, int half) {
    int word = half * capacity + place;
    double estimate = estimates[word];
    double margin = BlockKernels.LOG_ERROR * Math.abs(scales[place]);
    int skip = (int) estimate;
    double part = estimate - skip;
    return part < margin || part > 1 - margin
        ? (int) (UnitLog.log(Philox.unitOpenClosed(skipWords[word])) * scales[place])
        : skip;
  }

  /** Where in its band the mark of hit 0 or 1 of the block at a place lies, in [0, 1). */
  double position(int place, int half) {
    return Philox.unitClosedOpen(positionWords[half * capacity + place]);
  }
}
