package org.bitquake.train;

import java.util.Map;
import java.util.Optional;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;
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

/** Makes the DL4J vertices of an integer network's layers, one after the other. */
final class Vertices {
  private static final String IMAGE = "image";

  private final QuantizedNetwork network;
  private final Map<String, LayerPlan> plans;
  private final Architecture.Functions functions;
  private final GraphBuilder builder;
  private final Optional<ConvolutionPasses.Room> room = ConvolutionPasses.Room.open();

  /**
   * @param plans of the layers with weights, by name
   */
  Vertices(
      QuantizedNetwork network, Map<String, LayerPlan> plans, Architecture.Functions functions) {
    this.network = network;
    this.plans = plans;
    this.functions = functions;
    var shape = network.inputShape();
    builder =
        new NeuralNetConfiguration.Builder()
            .updater(new NoOp())
            .weightInit(WeightInit.ZERO)
            .cacheMode(CacheMode.DEVICE)
            .graphBuilder()
            .addInputs(IMAGE)
            .setInputTypes(
                InputType.convolutional(shape.height(), shape.width(), shape.channels()));
  }

  /** The DL4J network, its weights 0. */
  ComputationGraph graph() {
    network.layers().forEach(this::add);
    builder.setOutputs(name(network.layers().size() - 1));
    var graph = new ComputationGraph(builder.build());
    graph.init();
    return graph;
  }

  private String name(int position) {
    return position == QuantizedNetwork.INPUT ? IMAGE : network.layers().get(position).name();
  }

  private void add(Layer layer) {
    String input = name(layer.input());
    if (layer instanceof MaxPool p) {
      builder.addLayer(p.name(), MaxPooling.of(p.size(), p.stride()), input);
    } else if (layer instanceof GlobalSum) {
      builder.addLayer(layer.name(), new GlobalPoolingLayer(PoolingType.AVG), input);
    } else if (layer instanceof Convolution c) {
      add(c, plans.get(c.name()), input);
    }
  }

  private void add(Convolution c, LayerPlan plan, String input) {
    if (c.activation().isEmpty()) {
      builder.addLayer(c.name(), logits(c), input);
    } else if (c.residual().isEmpty()) {
      builder.addLayer(c.name(), convolution(c, functions.whole(plan)), input);
    } else {
      String sum = c.name() + ".sum";
      builder
          .addLayer(plan.vertex(), convolution(c, functions.normalization(plan)), input)
          .addVertex(
              sum,
              new ElementWiseVertex(ElementWiseVertex.Op.Add),
              plan.vertex(),
              name(c.residual().get().source()))
          .addLayer(
              c.name(),
              new ActivationLayer.Builder().activation(functions.relu(plan)).build(),
              sum);
    }
  }

  private static OutputLayer logits(Convolution c) {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(c.geometry().outChannels())
        .activation(Activation.SOFTMAX)
        .build();
  }

  private ConvolutionLayer convolution(Convolution c, IActivation function) {
    var g = c.geometry();
    var builder =
        new ConvolutionLayer.Builder(g.kernelHeight(), g.kernelWidth())
            .stride(g.stride(), g.stride())
            .padding(g.padding(), g.padding())
            .nOut(g.outChannels())
            .hasBias(false)
            .activation(function);
    if (g.groups() > 1) {
      return new DepthwiseConvolution(builder);
    }
    if (c.input() == QuantizedNetwork.INPUT && g.stride() == 1) {
      return new ImageConvolution(builder);
    }
    return room.<ConvolutionLayer>map(r -> new MapConvolution(builder, r))
        .orElseGet(builder::build);
  }
}
