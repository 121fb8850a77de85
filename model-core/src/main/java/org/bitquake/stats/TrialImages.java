package org.bitquake.stats;

import org.bitquake.Text;

/**
 * How many images each trial of a cell looks at: some first trials perhaps another number than the
 * rest, since the best number is chosen from them.
 *
 * @param firstTrials trials before the number was chosen; 0 where it never changes
 * @param firstImages images of each of these
 * @param images of each later trial
 */
public record TrialImages(long firstTrials, int firstImages, int images) {
  public TrialImages {
    if (firstTrials < 0 || firstImages < 1 || images < 1) {
      throw new IllegalArgumentException(
          Text.of("no trials of %d (%d times) and %d images", firstImages, firstTrials, images));
    }
  }

  /** The same number in every trial. */
  public static TrialImages fixed(int images) {
    return new TrialImages(0, images, images);
  }

  /** Image runs of so many trials. */
  public long total(long trials) {
    long first = Math.min(trials, firstTrials);
    return first * firstImages + (trials - first) * images;
  }

  /** Mean over so many trials of the variance of d/n. */
  double variance(VarianceComponents components, long trials, int population) {
    long first = Math.min(trials, firstTrials);
    return (first * components.ofTrial(firstImages, population)
            + (trials - first) * components.ofTrial(images, population))
        / trials;
  }
}
