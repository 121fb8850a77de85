package org.bitquake.train;

import java.util.function.Consumer;

/** Runs the updates of whole epochs on several replicas, and averages them. */
public interface AveragedEpochs {
  Averaging averaging();

  /**
   * Runs one epoch.
   *
   * @param epoch 1 for the first
   * @param stepsPerEpoch updates of each replica
   * @param start the state that all replicas start from
   * @param watch told the state after every average; may throw to stop the training
   * @return the average at the end
   */
  ReplicaState run(int epoch, int stepsPerEpoch, ReplicaState start, Consumer<ReplicaState> watch);
}
