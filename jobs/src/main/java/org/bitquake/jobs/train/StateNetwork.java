package org.bitquake.jobs.train;

import org.bitquake.train.ReplicaState;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * The DL4J network in which the state of a quantised network travels between driver and workers: as
 * many parameters, and as much updater state, as the state has numbers. A quantised network has
 * parameters that DL4J's layers know nothing of (step sizes, running statistics), so the state is
 * the weights of one neuron that never fires. In doubles, so that floats and their sums are exact.
 */
final class StateNetwork {
  private StateNetwork() {}

  static ComputationGraphConfiguration configuration(int length) {
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.DOUBLE)
        .updater(new Nesterovs())
        .weightInit(WeightInit.ZERO)
        .graphBuilder()
        .addInputs("none")
        .addLayer(
            "state",
            new DenseLayer.Builder()
                .nIn(length)
                .nOut(1)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build(),
            "none")
        .setOutputs("state")
        .validateOutputLayerConfig(false)
        .build();
  }

  static ReplicaState get(ComputationGraph network) {
    return new ReplicaState(
        network.params().data().asDouble(),
        network.getUpdater().getStateViewArray().data().asDouble());
  }

  /** Returns the state that was set. */
  static ReplicaState set(ComputationGraph network, ReplicaState state) {
    network.setParams(row(state.parameters()));
    network.getUpdater().getStateViewArray().assign(row(state.momentum()));
    return state;
  }

  private static org.nd4j.linalg.api.ndarray.INDArray row(double[] values) {
    return Nd4j.createFromArray(values).reshape(1, values.length);
  }
}
