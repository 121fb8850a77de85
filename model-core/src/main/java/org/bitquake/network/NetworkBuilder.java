package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.ParameterSource.Parameters;
import org.bitquake.network.ParameterSource.Slot;

/**
 * Puts an architecture for CIFAR together, 3×32×32 images, layer by layer. What adds a layer
 * returns its position.
 */
final class NetworkBuilder {
  /** {@code [C, H, W]} of an image. */
  static final Shape IMAGE = new Shape(3, 32, 32);

  private static final int MAX_WIDTH = 512;

  private final ParameterSource source;
  private final List<Layer> layers = new ArrayList<>();

  NetworkBuilder(ParameterSource source) {
    this.source = source;
  }

  static void checkWidth(String architecture, int width) {
    Check.that(
        width >= 1 && width <= MAX_WIDTH,
        "%s of width %d: use 1 to %d",
        architecture,
        width,
        MAX_WIDTH);
  }

  /** Channels of what the layer at this position writes. */
  int channels(int position) {
    return shape(position).channels();
  }

  private Shape shape(int position) {
    return position == QuantizedNetwork.INPUT ? IMAGE : layers.get(position).outputShape();
  }

  int convolution(String name, int input, Geometry geometry) {
    return add(slot(name, input, geometry, OptionalInt.empty()));
  }

  /** A convolution to whose sums another layer's codes are added. */
  int convolution(String name, int input, Geometry geometry, int residual) {
    return add(slot(name, input, geometry, OptionalInt.of(residual)));
  }

  /** The logits, from a map of one position. */
  int logits(int input) {
    return convolution(
        ParameterSource.LOGITS, input, new Geometry(source.classes(), 1, 1, 1, 0, 1));
  }

  /** Maxima of 2×2 windows side by side. */
  int maxPool(String name, int input) {
    layers.add(new MaxPool(name, input, shape(input), 2, 2));
    return layers.size() - 1;
  }

  int globalSum(String name, int input) {
    layers.add(new GlobalSum(name, input, shape(input)));
    return layers.size() - 1;
  }

  QuantizedNetwork build(String name, float inputStep, Map<String, String> provenance) {
    return new QuantizedNetwork(name, IMAGE, inputStep, layers, provenance);
  }

  private Slot slot(String name, int input, Geometry geometry, OptionalInt residual) {
    boolean sum = input != QuantizedNetwork.INPUT && layers.get(input) instanceof GlobalSum;
    var summed = sum ? layers.get(input).inputShape() : new Shape(1, 1, 1);
    int area = summed.height() * summed.width();
    return new Slot(name, input, shape(input), geometry, residual, area);
  }

  private int add(Slot slot) {
    Parameters p = source.parameters(slot);
    Optional<Residual> residual =
        slot.residual().isPresent()
            ? Optional.of(residual(slot.residual().getAsInt(), p))
            : Optional.empty();
    layers.add(
        new Convolution(
            slot.name(),
            slot.input(),
            slot.inputShape(),
            slot.geometry(),
            p.weights(),
            p.bias(),
            p.scale(),
            residual,
            p.activation()));
    return layers.size() - 1;
  }

  /** Its ratio is its source's step over the step of the layer that adds it. */
  private Residual residual(int position, Parameters p) {
    var added = ((Convolution) layers.get(position)).activation();
    return new Residual(position, step(added) / step(p.activation()));
  }

  private static float step(Optional<Activation> activation) {
    return activation
        .map(Activation::step)
        .orElseThrow(() -> new IllegalArgumentException("only fc may lack an activation"));
  }
}
