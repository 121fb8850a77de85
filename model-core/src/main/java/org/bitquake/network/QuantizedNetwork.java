package org.bitquake.network;

import java.util.List;
import java.util.Map;
import org.bitquake.data.Shape;

/**
 * An integer network: the exact object that faults corrupt and engines run.
 *
 * @param name for people and table rows
 * @param inputShape {@code [C, H, W]} of an image; its codes are the unsigned 8-bit pixels
 * @param inputStep real value of one input code, 1/255 for pixels
 * @param layers in an order where each reads only earlier ones; the last gives the logits
 * @param provenance how it came to be, as string keys and values (trainer settings, seed, data
 *     hash, versions)
 */
public record QuantizedNetwork(
    String name,
    Shape inputShape,
    float inputStep,
    List<Layer> layers,
    Map<String, String> provenance) {
  /** {@link Layer#input()} of a layer that reads the image. */
  public static final int INPUT = -1;

  public QuantizedNetwork {
    layers = List.copyOf(layers);
    provenance = Map.copyOf(provenance);
    // filled in by the network package: full validation of the graph
  }

  /** The layers with weights, in order: "layer l" of a fault map is position l of this list. */
  public List<Convolution> weightLayers() {
    return layers.stream()
        .filter(Convolution.class::isInstance)
        .map(Convolution.class::cast)
        .toList();
  }

  /** Number of classes, the outputs of the last layer. */
  public int classes() {
    return layers.get(layers.size() - 1).outputShape().channels();
  }

  /** A fresh copy of all weight codes, {@code [weight layer][code]}. */
  public byte[][] copyCodes() {
    return weightLayers().stream().map(c -> c.weights().codes().clone()).toArray(byte[][]::new);
  }
}
