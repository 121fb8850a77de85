package org.bitquake.jobs.trial;

import java.util.Optional;

/**
 * Of how many images of a trial something holds, such as that they are classified correctly.
 *
 * @param correct with the faults; empty if the trial failed
 * @param goldenCorrect without faults
 * @param changed images of which it holds in one of both only; empty if the trial failed
 */
public record Score(Optional<Integer> correct, int goldenCorrect, Optional<Integer> changed) {
  /** Of a trial whose faults change nothing. */
  static Score unchanged(int golden) {
    return new Score(Optional.of(golden), golden, Optional.of(0));
  }

  static Score failed(int golden) {
    return new Score(Optional.empty(), golden, Optional.empty());
  }
}
