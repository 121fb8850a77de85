package org.bitquake.fault;

import org.bitquake.Text;

/**
 * Chooses the images of trials, uniformly and without replacement. Not thread-safe: one per task
 * thread.
 *
 * <p>A partial Fisher–Yates shuffle (Knuth, TAOCP 2, 3.4.2, algorithm P) with bounded integers
 * after Lemire ("Fast random integer generation in an interval", 2019, <a
 * href="https://doi.org/10.1145/3230636">doi:10.1145/3230636</a>), which reject the few words that
 * would favour some image. The words are those of {@link Philox}, keyed by (seed, trial), counters
 * (block, 0, 0, {@link Philox#IMAGES}): the choice is a function of (seed, trial, N, n) alone. It
 * does not depend on the network, so trials of the same number see the same images everywhere.
 */
public final class ImageSampler {
  private final long seed;
  private final int count;
  private final int[] images; // 0 … N − 1 between draws
  private final int[] swapped;

  /**
   * @param seed the campaign's seed
   * @param population number of images N in the data set
   * @param count number of images n of a trial, 1 to N
   */
  public ImageSampler(long seed, int population, int count) {
    if (count < 1 || count > population) {
      throw new IllegalArgumentException(
          Text.of("no choice of %d distinct images out of %d", count, population));
    }
    this.seed = seed;
    this.count = count;
    images = new int[population];
    for (int image = 0; image < population; image++) {
      images[image] = image;
    }
    swapped = new int[count];
  }

  /**
   * The images of a trial, {@code [n]}, distinct, each in 0 … N − 1. With n = N they are all images
   * in order; otherwise those of a smaller n are the first of a larger n.
   */
  public int[] draw(long trial) {
    if (count == images.length) {
      return images.clone();
    }
    var words = new Words(new Philox(seed, trial));
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      swapped[i] = i + words.below(images.length - i);
      drawn[i] = images[swapped[i]];
      swap(i, swapped[i]);
    }
    for (int i = count - 1; i >= 0; i--) { // back to 0 … N − 1, without touching the other images
      swap(i, swapped[i]);
    }
    return drawn;
  }

  private void swap(int i, int j) {
    int image = images[i];
    images[i] = images[j];
    images[j] = image;
  }

  /** The words of one trial, in order. */
  private static final class Words {
    private final Philox random;
    private long block;
    private int used = 4;

    Words(Philox random) {
      this.random = random;
    }

    /** Uniform on 0 … bound − 1. */
    int below(int bound) {
      long word = next();
      // Reject the lower halves under 2⁶⁴ mod bound: each result keeps equally many words.
      long excess = Long.remainderUnsigned(-bound, bound);
      while (Long.compareUnsigned(word * bound, excess) < 0) {
        word = next();
      }
      return (int) Philox.unsignedMultiplyHigh(word, bound);
    }

    private long next() {
      if (used == 4) {
        random.block(block++, 0, 0, Philox.IMAGES);
        used = 0;
      }
      return random.word(used++);
    }
  }
}
