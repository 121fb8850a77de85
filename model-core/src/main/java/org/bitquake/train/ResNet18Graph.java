package org.bitquake.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * ResNet-18 for CIFAR. Everything that is added within a stage has the stage's one step: the output
 * of its blocks and of its shortcut, which is quantised as {@link ResNet18} has it, and in the
 * first stage the stem's. So all residual ratios are 1.
 */
final class ResNet18Graph implements Architecture {
  private static final int BLOCKS = 8;
  private static final int CLASSES = 10;

  /** Side of the last block's output. */
  private static final int LAST_SIDE = 4;

  private final int width;
  private final List<LayerPlan> layers = new ArrayList<>();
  private int steps;

  ResNet18Graph(int width) {
    this.width = width;
    int stream = steps++;
    plan("stem", "stem", width, OptionalInt.empty(), stream);
    for (int b = 0; b < BLOCKS; b++) {
      String block = "block" + b;
      int channels = channels(b);
      int input = stream;
      int inner = steps++;
      plan(block + ".conv1", block + ".conv1", channels, OptionalInt.of(input), inner);
      if (narrows(b)) {
        stream = steps++;
        plan(block + ".shortcut", block + ".shortcut", channels, OptionalInt.of(input), stream);
      }
      plan(block + ".conv2", block + ".conv2.norm", channels, OptionalInt.of(inner), stream);
    }
    layers.add(
        new LayerPlan(
            "fc",
            "fc",
            CLASSES,
            false,
            OptionalInt.of(stream),
            OptionalInt.empty(),
            LAST_SIDE * LAST_SIDE));
  }

  private void plan(String name, String vertex, int outputs, OptionalInt input, int output) {
    layers.add(new LayerPlan(name, vertex, outputs, true, input, OptionalInt.of(output), 1));
  }

  private int channels(int block) {
    return width << (block / 2);
  }

  /** True for the first block of every stage but the first. */
  private static boolean narrows(int block) {
    return block > 0 && block % 2 == 0;
  }

  @Override
  public String title() {
    return "ResNet-18 of width " + width;
  }

  @Override
  public Shape inputShape() {
    return ResNet18.INPUT_SHAPE;
  }

  @Override
  public List<LayerPlan> layers() {
    return layers;
  }

  @Override
  public ComputationGraph build(Functions functions) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .weightInit(WeightInit.ZERO)
            .cacheMode(CacheMode.DEVICE)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(InputType.convolutional(32, 32, 3));
    convolution(builder, "stem", functions.whole(layer("stem")), width, 3, 1, "image");
    String last = "stem";
    for (int b = 0; b < BLOCKS; b++) {
      last = block(builder, functions, b, last);
    }
    builder
        .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), last)
        .addLayer(
            "fc",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build(),
            "pool")
        .setOutputs("fc");
    var network = new ComputationGraph(builder.build());
    network.init();
    return network;
  }

  private String block(GraphBuilder builder, Functions functions, int b, String input) {
    String name = "block" + b;
    int channels = channels(b);
    int stride = narrows(b) ? 2 : 1;
    var conv1 = layer(name + ".conv1");
    var conv2 = layer(name + ".conv2");
    convolution(builder, conv1.vertex(), functions.whole(conv1), channels, 3, stride, input);
    var norm = functions.normalization(conv2);
    convolution(builder, conv2.vertex(), norm, channels, 3, 1, conv1.vertex());
    String residual = input;
    if (narrows(b)) {
      var shortcut = layer(name + ".shortcut");
      residual = shortcut.vertex();
      convolution(builder, residual, functions.whole(shortcut), channels, 1, stride, input);
    }
    builder
        .addVertex(
            name + ".sum",
            new ElementWiseVertex(ElementWiseVertex.Op.Add),
            conv2.vertex(),
            residual)
        .addLayer(
            conv2.name(),
            new ActivationLayer.Builder().activation(functions.relu(conv2)).build(),
            name + ".sum");
    return conv2.name();
  }

  private static void convolution(
      GraphBuilder builder,
      String name,
      IActivation function,
      int channels,
      int kernel,
      int stride,
      String input) {
    builder.addLayer(
        name,
        new ConvolutionLayer.Builder(kernel, kernel)
            .stride(stride, stride)
            .padding(kernel / 2, kernel / 2)
            .nOut(channels)
            .hasBias(false)
            .activation(function)
            .build(),
        input);
  }

  private LayerPlan layer(String name) {
    return layers.stream().filter(l -> l.name().equals(name)).findFirst().orElseThrow();
  }

  @Override
  public QuantizedNetwork export(
      QuantizedModel model, String name, Map<String, String> provenance) {
    return ResNet18.of(
        name, width, NetworkExport.PIXEL_STEP, slot -> parameters(model, slot.name()), provenance);
  }

  private ResNet18.Parameters parameters(QuantizedModel model, String name) {
    int l = layers.indexOf(layer(name));
    var weights = model.weightQuantizers().get(l);
    var folded = Folded.of(model, l);
    var step = new float[] {weights.step()};
    return new ResNet18.Parameters(
        new WeightCodes(model.codes(l), weights.bits(), step),
        folded.bias(),
        folded.scale(),
        model.activation(l));
  }
}
