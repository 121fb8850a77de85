package org.bitquake.train;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;
import org.bitquake.network.LeNet5;
import org.bitquake.network.QuantizedNetwork;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * LeNet-5 for 28×28 grey images (padded to 32×32); as published, or with batch normalisation behind
 * every layer with weights, the last among them.
 */
final class LeNet5Graph implements Architecture {
  private static final List<String> NAMES = List.of("conv1", "conv2", "fc1", "fc2", "fc3");
  private static final List<Integer> OUTPUTS = List.of(6, 16, 120, 84);

  private static final String LAST = NAMES.get(NAMES.size() - 1);

  private final int classes;
  private final boolean normalise;
  private final List<LayerPlan> layers;

  LeNet5Graph(int classes, boolean normalise) {
    this.classes = classes;
    this.normalise = normalise;
    layers = IntStream.range(0, NAMES.size()).mapToObj(this::plan).toList();
  }

  private LayerPlan plan(int l) {
    var input = l == 0 ? OptionalInt.empty() : OptionalInt.of(l - 1);
    var output = l == NAMES.size() - 1 ? OptionalInt.empty() : OptionalInt.of(l);
    int outputs = l == NAMES.size() - 1 ? classes : OUTPUTS.get(l);
    String name = NAMES.get(l);
    String vertex = normalise && name.equals(LAST) ? name + ".norm" : name;
    return new LayerPlan(name, vertex, outputs, normalise, input, output, 1);
  }

  @Override
  public String title() {
    return normalise ? "LeNet-5 with batch normalisation" : "LeNet-5";
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
    var first = new ConvolutionLayer.Builder(5, 5).padding(2, 2).hasBias(!normalise);
    var second = new ConvolutionLayer.Builder(5, 5).hasBias(!normalise);
    var builder =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .weightInit(WeightInit.ZERO)
            .cacheMode(CacheMode.DEVICE)
            .graphBuilder()
            .addInputs("image")
            .addLayer(
                "conv1", new ImageConvolution(first.nOut(6).activation(relus.get(0))), "image")
            .addLayer("pool1", MaxPooling.of(2, 2), "conv1")
            .addLayer("conv2", second.nOut(16).activation(relus.get(1)).build(), "pool1")
            .addLayer("pool2", MaxPooling.of(2, 2), "conv2")
            .addLayer("fc1", dense(120, relus.get(2)), "pool2")
            .addLayer("fc2", dense(84, relus.get(3)), "fc1");
    addLogits(builder, functions);
    var configuration =
        builder.setOutputs(LAST).setInputTypes(InputType.convolutional(28, 28, 1)).build();
    var network = new ComputationGraph(configuration);
    network.init();
    return network;
  }

  private void addLogits(GraphBuilder builder, Functions functions) {
    if (!normalise) {
      builder.addLayer(
          LAST,
          new OutputLayer.Builder(LossFunction.MCXENT)
              .nOut(classes)
              .activation(Activation.SOFTMAX)
              .build(),
          "fc2");
      return;
    }
    var plan = layers.get(layers.size() - 1);
    var loss = new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX);
    builder
        .addLayer(plan.vertex(), dense(classes, functions.normalization(plan)), "fc2")
        .addLayer(LAST, loss.build(), plan.vertex());
  }

  private DenseLayer dense(int outputs, IActivation function) {
    return new DenseLayer.Builder().nOut(outputs).hasBias(!normalise).activation(function).build();
  }

  @Override
  public QuantizedNetwork export(
      QuantizedModel model, String name, Map<String, String> provenance) {
    Iterator<Integer> next = IntStream.range(0, layers.size()).iterator();
    return LeNet5.of(
        name,
        NetworkExport.PIXEL_STEP,
        classes,
        slot -> NetworkExport.parameters(model, next.next()),
        provenance);
  }
}
