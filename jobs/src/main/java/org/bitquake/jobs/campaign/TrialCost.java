package org.bitquake.jobs.campaign;

import org.bitquake.Text;

/**
 * CPU time of the trials of a cell, in nanoseconds of one core.
 *
 * @param perTrial c₀, to prepare a trial: fault map, images, corrupted weights
 * @param perImage c₁, for each of its images
 */
public record TrialCost(double perTrial, double perImage) {
  public TrialCost {
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
  public double seconds(long trials, long images) {
    return (perTrial * trials + perImage * images) / 1e9;
  }
}
