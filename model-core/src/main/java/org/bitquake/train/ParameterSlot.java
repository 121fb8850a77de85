package org.bitquake.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Where the parameters of one layer lie in the flat vector of master parameters.
 *
 * @param biasOffset of the biases, or of β where the layer is normalised
 * @param gammaOffset of γ, as many as biases, where the layer is normalised
 * @param fanIn inputs of one neuron or filter
 */
record ParameterSlot(
    String name,
    int weightOffset,
    int weights,
    int biasOffset,
    int biases,
    OptionalInt gammaOffset,
    int fanIn) {
  /**
   * Those of all layers, in order: weights and biases where the graph has them, then γ and β of the
   * layers that are normalised.
   */
  static List<ParameterSlot> all(Architecture architecture, ComputationGraph graph) {
    var found = new ArrayList<ParameterSlot>();
    int next = Math.toIntExact(graph.numParams());
    for (var layer : architecture.layers()) {
      INDArray w = graph.getLayer(layer.vertex()).getParam("W");
      INDArray b = graph.getLayer(layer.vertex()).getParam("b");
      int weights = Math.toIntExact(w.length());
      int outputs = layer.outputs();
      var gamma = layer.normalized() ? OptionalInt.of(next) : OptionalInt.empty();
      int bias = layer.normalized() ? next + outputs : Math.toIntExact(b.offset());
      found.add(
          new ParameterSlot(
              layer.name(),
              Math.toIntExact(w.offset()),
              weights,
              bias,
              outputs,
              gamma,
              weights / outputs));
      next += layer.normalized() ? 2 * outputs : 0;
    }
    return List.copyOf(found);
  }

  /** The layer's biases, or β where it is normalised. */
  float[] biases(float[] parameters) {
    return Arrays.copyOfRange(parameters, biasOffset, biasOffset + biases);
  }

  /** The largest weight that the layer begins with: √(3 / fan-in). */
  float firstBound() {
    return (float) Math.sqrt(3.0 / fanIn);
  }
}
