package org.bitquake.train;

/** Told how far a training is, in the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
  /** After every epoch. */
  void epoch(EpochReport report);

  /**
   * Before the first update of a training that an earlier run began.
   *
   * @param epochs that are whole
   * @param steps updates in the epoch after them
   */
  default void resumed(int epochs, int steps, int stepsPerEpoch) {}

  /**
   * After every update of the parameters; where those of workers are averaged, after every average.
   *
   * @param epoch 1 for the first
   * @param steps updates so far in this epoch
   * @param stepsPerEpoch of them in all
   */
  default void step(int epoch, int steps, int stepsPerEpoch) {}
}
