package org.bitquake.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Convolution;
import org.bitquake.network.Convolution.WeightCodes;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.ParameterSource;
import org.bitquake.network.ParameterSource.Parameters;
import org.bitquake.network.ParameterSource.Slot;
import org.bitquake.network.QuantizedNetwork;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * An architecture whose convolutions are all followed by batch normalisation, derived from its
 * integer network. All that is added to each other has one step, so residual ratios are 1.
 */
final class NormalizedGraph implements Architecture {
  /** Makes the integer network of a width. */
  @FunctionalInterface
  interface Definition {
    QuantizedNetwork network(
        String name,
        int width,
        float inputStep,
        ParameterSource source,
        Map<String, String> provenance);
  }

  private final String title;
  private final int width;
  private final int classes;
  private final Definition definition;

  /** The integer network with weights of 0. */
  private final QuantizedNetwork blank;

  private final Map<String, LayerPlan> plans = new HashMap<>();
  private final List<LayerPlan> layers = new ArrayList<>();

  NormalizedGraph(String title, int width, int classes, Definition definition) {
    this.title = title;
    this.width = width;
    this.classes = classes;
    this.definition = definition;
    blank = network("blank", NormalizedGraph::blank, Map.of());
    int steps = 0;
    for (var c : blank.weightLayers()) {
      var plan = plan(c, steps);
      steps += plan.outputStep().equals(OptionalInt.of(steps)) ? 1 : 0;
      layers.add(plan);
      plans.put(c.name(), plan);
    }
  }

  /** A source for a network of so many classes. */
  private record OfClasses(ParameterSource source, int classes) implements ParameterSource {
    @Override
    public Parameters parameters(Slot slot) {
      return source.parameters(slot);
    }
  }

  private static Parameters blank(Slot slot) {
    int outputs = slot.geometry().outChannels();
    int weights = Math.toIntExact(outputs * slot.geometry().taps(slot.inputShape()));
    Optional<Activation> activation =
        slot.name().equals(ParameterSource.LOGITS)
            ? Optional.empty()
            : Optional.of(new Activation(4, 1));
    return new Parameters(
        new WeightCodes(new byte[weights], 4, new float[] {1}),
        new float[outputs],
        new float[outputs],
        activation);
  }

  /**
   * @param steps of activations so far
   */
  private LayerPlan plan(Convolution c, int steps) {
    boolean hidden = c.activation().isPresent();
    var own = hidden ? OptionalInt.of(steps) : OptionalInt.empty();
    return new LayerPlan(
        c.name(),
        c.residual().isPresent() ? c.name() + ".norm" : c.name(),
        c.geometry().outChannels(),
        hidden,
        stepOf(c.input()),
        c.residual().map(r -> stepOf(r.source())).orElse(own),
        area(c.input()));
  }

  /** The step of what a layer writes; pooling keeps that of its input. */
  private OptionalInt stepOf(int position) {
    if (position == QuantizedNetwork.INPUT) {
      return OptionalInt.empty();
    }
    Layer layer = blank.layers().get(position);
    var plan = plans.get(layer.name());
    return plan == null ? stepOf(layer.input()) : plan.outputStep();
  }

  private int area(int position) {
    boolean sum =
        position != QuantizedNetwork.INPUT && blank.layers().get(position) instanceof GlobalSum;
    return sum
        ? blank.layers().get(position).inputShape().size() / blank.shapeOf(position).size()
        : 1;
  }

  @Override
  public String title() {
    return title + " of width " + width;
  }

  @Override
  public Shape inputShape() {
    return blank.inputShape();
  }

  @Override
  public List<LayerPlan> layers() {
    return layers;
  }

  @Override
  public ComputationGraph build(Functions functions) {
    var vertices = new Vertices(blank, plans, functions);
    return vertices.graph();
  }

  @Override
  public QuantizedNetwork export(
      QuantizedModel model, String name, Map<String, String> provenance) {
    return network(
        name,
        slot -> NetworkExport.parameters(model, layers.indexOf(plans.get(slot.name()))),
        provenance);
  }

  private QuantizedNetwork network(
      String name, ParameterSource source, Map<String, String> provenance) {
    return definition.network(
        name, width, NetworkExport.PIXEL_STEP, new OfClasses(source, classes), provenance);
  }
}
