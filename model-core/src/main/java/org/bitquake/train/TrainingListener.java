package org.bitquake.train;

/** Told how far a training is, in the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
  /** After every epoch, and once before the first if earlier ones were read from a checkpoint. */
  void epoch(EpochReport report);

  /**
   * After every update of the parameters; where those of workers are averaged, after every average.
   *
   * @param epoch 1 for the first
   * @param steps updates so far in this epoch
   * @param stepsPerEpoch of them in all
   */
  default void step(int epoch, int steps, int stepsPerEpoch) {}
}
