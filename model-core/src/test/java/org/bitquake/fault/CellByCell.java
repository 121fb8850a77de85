package org.bitquake.fault;

import org.apache.commons.math3.util.FastMath;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Marks of single cells, slowly: what {@link FaultSampler} must agree with. */
final class CellByCell {
  private CellByCell() {}

  /**
   * The mark of one cell from its documentation alone: the lowest band whose stream of skips lands
   * on the weight. With another generator object, another logarithm and no shared state.
   */
  static double mark(long seed, long trial, int layer, int weight, int bit) {
    for (int band = 0; ; band++) {
      var random = stream(seed, trial, layer, 64L * bit + band);
      double q = Bands.hitProbability(band);
      for (long at = 0; at <= weight; at++) {
        double u = ((random.nextLong() >>> 11) + 1) * 0x1p-53;
        double skip = StrictMath.floor(FastMath.log(u) / FastMath.log1p(-q));
        double position = (random.nextLong() >>> 11) * 0x1p-53;
        if (skip > weight - at) {
          break;
        }
        at += (long) skip;
        if (at == weight) {
          double width = Bands.lower(band + 1) - Bands.lower(band);
          return Bands.lower(band) + width * position;
        }
      }
    }
  }

  /** commons-rng counts up, with carries, before its first block: it starts one counter earlier. */
  private static UniformRandomProvider stream(long seed, long trial, long word1, long word2) {
    boolean borrow1 = word1 == 0;
    boolean borrow2 = borrow1 && word2 == 0;
    return RandomSource.PHILOX_4X64.create(
        new long[] {seed, trial, -1, word1 - 1, word2 - (borrow1 ? 1 : 0), borrow2 ? -1 : 0});
  }

  /** A mark drawn from the law of the bands: one coin per band, then a uniform number. */
  static double mark(UniformRandomProvider random) {
    for (int band = 0; ; band++) {
      if (random.nextDouble() < Bands.hitProbability(band)) {
        return random.nextDouble(Bands.lower(band), Bands.lower(band + 1));
      }
    }
  }
}
