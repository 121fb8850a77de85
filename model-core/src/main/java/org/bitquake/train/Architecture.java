package org.bitquake.train;

import java.util.List;
import java.util.Map;
import org.bitquake.data.Shape;
import org.bitquake.network.QuantizedNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;

/** What distinguishes the networks that can be trained. */
interface Architecture {
  /** For people. */
  String title();

  /** Shape of the images. */
  Shape inputShape();

  /** The layers with weights, in the order of the integer network. */
  List<LayerPlan> layers();

  /** The DL4J network, without updater, its weights 0. */
  ComputationGraph build(Functions functions);

  /** The integer network that the model has become. */
  QuantizedNetwork export(QuantizedModel model, String name, Map<String, String> provenance);

  /** The activation functions of a layer. */
  interface Functions {
    /** All that follows the layer's sum: normalisation, where it has one, and quantised ReLU. */
    IActivation whole(LayerPlan layer);

    /** The normalisation alone. */
    IActivation normalization(LayerPlan layer);

    /** The quantised ReLU alone. */
    IActivation relu(LayerPlan layer);
  }
}
