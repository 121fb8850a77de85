package org.bitquake.jobs.train;

import org.apache.spark.broadcast.Broadcast;
import org.bitquake.train.HeldArrays;
import org.bitquake.train.Replica;
import org.bitquake.train.TrainOptions;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.worker.NetBroadcastTuple;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingResult;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingWorker;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * One worker between two averages: a replica that starts from the state it is sent and goes through
 * the minibatches of its partition.
 */
final class QuantizedTrainingWorker extends ParameterAveragingTrainingWorker {
  private static final long serialVersionUID = 1L;

  /** DL4J's fast convolutions are off where no option of the process says otherwise. */
  private static final String HELPERS = "org.eclipse.deeplearning4j.helpers.disable";

  /** The replica that each thread used last: building one takes longer than a step. */
  private static final ThreadLocal<Built> BUILT = new ThreadLocal<>();

  private record Built(TrainOptions options, int stepsPerEpoch, Replica replica) {}

  private final TrainOptions options;
  private final int stepsPerEpoch;
  private final long firstStep;
  private transient Replica replica;
  private transient int steps;

  /**
   * @param firstStep number of the first update in the whole training
   */
  QuantizedTrainingWorker(
      Broadcast<NetBroadcastTuple> start,
      WorkerConfiguration configuration,
      TrainOptions options,
      int stepsPerEpoch,
      long firstStep) {
    super(start, true, configuration, null, null, null);
    this.options = options;
    this.stepsPerEpoch = stepsPerEpoch;
    this.firstStep = firstStep;
  }

  @Override
  public ComputationGraph getInitialModelGraph() {
    System.getProperties().putIfAbsent(HELPERS, "false");
    var network = HeldArrays.during(super::getInitialModelGraph);
    var built = BUILT.get();
    if (built == null || !built.options.equals(options) || built.stepsPerEpoch != stepsPerEpoch) {
      built = new Built(options, stepsPerEpoch, new Replica(options, stepsPerEpoch));
      BUILT.set(built);
    }
    replica = built.replica;
    replica.load(StateNetwork.get(network), firstStep);
    steps = 0;
    return network;
  }

  @Override
  public ParameterAveragingTrainingResult processMinibatch(
      MultiDataSet batch, ComputationGraph network, boolean isLast) {
    replica.update(firstStep + steps, batch.getFeatures(0), batch.getLabels(0));
    steps++;
    return isLast ? getFinalResult(network) : null;
  }

  @Override
  public ParameterAveragingTrainingResult getFinalResult(ComputationGraph network) {
    return HeldArrays.during(
        () -> {
          StateNetwork.set(network, replica.state());
          return super.getFinalResult(network);
        });
  }
}
