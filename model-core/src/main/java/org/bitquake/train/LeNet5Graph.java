package org.bitquake.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;
import org.bitquake.network.LayerParameters;
import org.bitquake.network.LeNet5;
import org.bitquake.network.QuantizedNetwork;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** LeNet-5 for 28×28 grey images (padded to 32×32). */
final class LeNet5Graph implements Architecture {
  private static final List<String> NAMES = List.of("conv1", "conv2", "fc1", "fc2", "fc3");
  private static final List<Integer> OUTPUTS = List.of(6, 16, 120, 84);

  private final int classes;
  private final List<LayerPlan> layers;

  LeNet5Graph(int classes) {
    this.classes = classes;
    layers = IntStream.range(0, NAMES.size()).mapToObj(this::plan).toList();
  }

  private LayerPlan plan(int l) {
    var input = l == 0 ? OptionalInt.empty() : OptionalInt.of(l - 1);
    var output = l == NAMES.size() - 1 ? OptionalInt.empty() : OptionalInt.of(l);
    int outputs = l == NAMES.size() - 1 ? classes : OUTPUTS.get(l);
    return new LayerPlan(NAMES.get(l), NAMES.get(l), outputs, false, input, output, 1);
  }

  @Override
  public String title() {
    return "LeNet-5";
  }

  @Override
  public Shape inputShape() {
    return LeNet5.INPUT_SHAPE;
  }

  @Override
  public List<LayerPlan> layers() {
    return layers;
  }

  @Override
  public ComputationGraph build(Functions functions) {
    var relus = layers.stream().limit(4).map(functions::whole).toList();
    var configuration =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .weightInit(WeightInit.ZERO)
            .cacheMode(CacheMode.DEVICE)
            .graphBuilder()
            .addInputs("image")
            .addLayer(
                "conv1",
                new ImageConvolution(
                    new ConvolutionLayer.Builder(5, 5)
                        .padding(2, 2)
                        .nOut(6)
                        .activation(relus.get(0))),
                "image")
            .addLayer("pool1", maxPool(), "conv1")
            .addLayer(
                "conv2",
                new ConvolutionLayer.Builder(5, 5).nOut(16).activation(relus.get(1)).build(),
                "pool1")
            .addLayer("pool2", maxPool(), "conv2")
            .addLayer(
                "fc1", new DenseLayer.Builder().nOut(120).activation(relus.get(2)).build(), "pool2")
            .addLayer(
                "fc2", new DenseLayer.Builder().nOut(84).activation(relus.get(3)).build(), "fc1")
            .addLayer(
                "fc3",
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(classes)
                    .activation(Activation.SOFTMAX)
                    .build(),
                "fc2")
            .setOutputs("fc3")
            .setInputTypes(InputType.convolutional(28, 28, 1))
            .build();
    var network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  @Override
  public QuantizedNetwork export(
      QuantizedModel model, String name, Map<String, String> provenance) {
    var parameters = new ArrayList<LayerParameters>();
    for (int l = 0; l < layers.size(); l++) {
      parameters.add(
          new LayerParameters(
              model.codes(l),
              model.weightQuantizers().get(l).bits(),
              model.weightQuantizers().get(l).step(),
              model.biases(l),
              model.inputStep(l),
              model.activation(l)));
    }
    return LeNet5.of(name, parameters, provenance);
  }

  private static SubsamplingLayer maxPool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2})
        .stride(2, 2)
        .build();
  }
}
