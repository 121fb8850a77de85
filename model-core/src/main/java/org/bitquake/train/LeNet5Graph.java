package org.bitquake.train;

import java.util.List;
import org.bitquake.data.Shape;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** LeNet-5 for 28×28 grey images (padded to 32×32) as a DL4J network. */
final class LeNet5Graph {
  /** Shape of the images. */
  static final Shape INPUT = new Shape(1, 28, 28);

  /** The layers with weights, in order. */
  static final List<String> WEIGHT_LAYERS = List.of("conv1", "conv2", "fc1", "fc2", "fc3");

  private LeNet5Graph() {}

  /**
   * @param relus the activation functions of conv1, conv2, fc1 and fc2
   */
  static MultiLayerNetwork build(List<QuantizedRelu> relus) {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .weightInit(WeightInit.ZERO)
            .list()
            .layer(
                new ConvolutionLayer.Builder(5, 5)
                    .padding(2, 2)
                    .nOut(6)
                    .activation(relus.get(0))
                    .build())
            .layer(maxPool())
            .layer(new ConvolutionLayer.Builder(5, 5).nOut(16).activation(relus.get(1)).build())
            .layer(maxPool())
            .layer(new DenseLayer.Builder().nOut(120).activation(relus.get(2)).build())
            .layer(new DenseLayer.Builder().nOut(84).activation(relus.get(3)).build())
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(10)
                    .activation(Activation.SOFTMAX)
                    .build())
            .setInputType(InputType.convolutional(28, 28, 1))
            .build();
    var network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  private static SubsamplingLayer maxPool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2})
        .stride(2, 2)
        .build();
  }
}
