package org.bitquake.network;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bitquake.data.Shape;

/**
 * An integer network: the exact object that faults corrupt and engines run.
 *
 * <p>The constructor checks the whole graph, and that no accumulator can leave int32 whatever the
 * weight codes become. Compare networks by {@link #contentHash()}, not by {@code equals}.
 *
 * @param name for people and table rows
 * @param inputShape {@code [C, H, W]} of an image; its codes are the unsigned 8-bit pixels
 * @param inputStep real value of one input code, 1/255 for pixels
 * @param layers in an order where each reads only earlier ones; the last gives the logits
 * @param provenance how it came to be, as string keys and values (trainer settings, seed, data
 *     hash, versions); kept sorted by key
 */
public record QuantizedNetwork(
    String name,
    Shape inputShape,
    float inputStep,
    List<Layer> layers,
    Map<String, String> provenance) {
  /** {@link Layer#input()} of a layer that reads the image. */
  public static final int INPUT = -1;

  /** The largest code of an input pixel. */
  public static final int MAX_PIXEL = 255;

  /**
   * @throws IllegalArgumentException naming the layer, if the graph is not sound
   */
  public QuantizedNetwork {
    layers = List.copyOf(layers);
    provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
    Check.that(
        !name.isBlank() && name.length() <= 200 && name.chars().noneMatch(Character::isISOControl),
        "a network needs a name of 1 to 200 printable characters");
    Check.that(!provenance.containsValue(null), "network %s: a provenance value is null", name);
    Check.positive("network " + name + ": input step", inputStep);
    GraphCheck.check(inputShape, layers);
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

  /** The tensor that the layer at this position (or {@link #INPUT}) writes, {@code [C, H, W]}. */
  public Shape shapeOf(int position) {
    return position == INPUT ? inputShape : layers.get(position).outputShape();
  }

  /**
   * The largest code that the layer at this position (or {@link #INPUT}) can write: 255 for pixels,
   * {@code 2^b − 1} after an activation, the input's for a maximum, {@code H·W} times the input's
   * for a global sum.
   *
   * @throws IllegalArgumentException for the last layer, which writes logits
   */
  public int maxCode(int position) {
    return GraphCheck.maxCode(layers, position);
  }

  /** Number of weight codes. */
  public long weightCount() {
    return weightLayers().stream().mapToLong(c -> c.weights().codes().length).sum();
  }

  /** Multiply-accumulates for one image. */
  public long macs() {
    return weightLayers().stream().mapToLong(Convolution::macs).sum();
  }

  /**
   * SHA-256, in lower-case hex, of everything that determines results: graph, shapes, steps, bit
   * widths, codes, biases and scales; not of names and provenance.
   */
  public String contentHash() {
    return ContentHash.of(this);
  }

  /** The same network under another name. */
  public QuantizedNetwork withName(String newName) {
    return new QuantizedNetwork(newName, inputShape, inputStep, layers, provenance);
  }
}
