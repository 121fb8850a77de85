package org.bitquake.jobs.plan;

import org.bitquake.Text;

/**
 * CPU time of the trials of a cell, in nanoseconds of one core.
 *
 * @param perTrial c₀, to prepare a trial: fault map, images, corrupted weights
 * @param perImage c₁, for each of its images
 */
record TrialCost(double perTrial, double perImage) {
  TrialCost {
    if (!(perTrial >= 0 && perImage >= 0)) {
      throw new IllegalArgumentException(
          Text.of("costs of %s and %s are negative", perTrial, perImage));
    }
  }

  /**
   * CPU seconds.
   *
   * @param images of all trials together
   */
  double seconds(long trials, long images) {
    return (perTrial * trials + perImage * images) / 1e9;
  }
}
