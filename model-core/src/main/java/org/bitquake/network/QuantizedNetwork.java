package org.bitquake.network;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.bitquake.data.Shape;

/**
 * An integer network: the exact object that faults corrupt and engines run.
 *
 * <p>The constructor checks the whole graph, and that no accumulator can leave int32 whatever the
 * weight codes become. Compare networks by {@link #contentHash()}, not by {@code equals}.
 *
 * @param name for people and table rows
 * @param input the images, and what their pixels stand for
 * @param layers in an order where each reads only earlier ones; the last gives a value for each
 *     class: logits, or codes
 * @param provenance how it came to be, as string keys and values (trainer settings, seed, data
 *     hash, versions); kept sorted by key
 */
public record QuantizedNetwork(
    String name, Input input, List<Layer> layers, Map<String, String> provenance) {
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
    GraphCheck.check(input, layers);
  }

  /**
   * A network that reads pixels as they are.
   *
   * @param inputShape {@code [C, H, W]} of an image
   * @param inputStep real value of a pixel's unit, such as 1/255
   */
  public QuantizedNetwork(
      String name,
      Shape inputShape,
      float inputStep,
      List<Layer> layers,
      Map<String, String> provenance) {
    this(name, Input.ofPixels(inputShape, inputStep), layers, provenance);
  }

  /** {@code [C, H, W]} of an image. */
  public Shape inputShape() {
    return input.shape();
  }

  /** Real value of one input code. */
  public float inputStep() {
    return input.codes().step();
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
    return position == INPUT ? inputShape() : layers.get(position).outputShape();
  }

  /**
   * What the codes are that the layer at this position (or {@link #INPUT}) writes.
   *
   * @throws IllegalArgumentException for a last layer that writes logits
   */
  public TensorCodes codes(int position) {
    return GraphCheck.codes(input, layers, position);
  }

  /**
   * The largest code that the layer at this position (or {@link #INPUT}) can write: 255 for pixels,
   * {@code 2^b − 1} after a plain activation, the input's for a maximum, {@code H·W} times the
   * input's for a global sum.
   *
   * @throws IllegalArgumentException for a last layer that writes logits
   */
  public int maxCode(int position) {
    return codes(position).max();
  }

  /** What the codes are that the last layer writes; empty if it writes logits. */
  public Optional<TensorCodes> outputCodes() {
    Layer last = layers.get(layers.size() - 1);
    return last instanceof Convolution c && c.activation().isEmpty()
        ? Optional.empty()
        : Optional.of(codes(layers.size() - 1));
  }

  /**
   * Whether the network is of the kind that was there first: square windows, convolutions, maxima
   * and global sums alone, no zero points, weights that are their codes, logits at the end.
   */
  public boolean isPlain() {
    return wider().isEmpty();
  }

  /**
   * What keeps the network from being {@linkplain #isPlain plain}: the first such thing, in words;
   * empty if nothing does.
   */
  public Optional<String> wider() {
    return wider(Convolution::isPlain);
  }

  /**
   * What keeps the network from being of the kind that training makes, {@linkplain #isPlain plain}
   * but for weights, which may be {@linkplain Convolution.WeightCodes#isMidRise mid-rise}: the
   * first such thing, in words; empty if nothing does.
   */
  public Optional<String> beyondTraining() {
    return wider(c -> c.isPlain() || (c.weights().isMidRise() && c.hasPlainCodes()));
  }

  private Optional<String> wider(Predicate<Convolution> plain) {
    if (!input.isPlain()) {
      return Optional.of("its input has tables of codes or a zero point");
    }
    return layers.stream()
        .flatMap(
            layer -> wider(layer, plain).map(what -> "layer " + layer.name() + " " + what).stream())
        .findFirst()
        .or(() -> outputCodes().map(codes -> "it ends in codes instead of logits"));
  }

  private static Optional<String> wider(Layer layer, Predicate<Convolution> plain) {
    if (layer instanceof Convolution c) {
      return plain.test(c)
          ? Optional.empty()
          : Optional.of(
              c.geometry().window().isSquare()
                  ? "has a zero point or bounds of its own"
                  : "has windows of " + c.geometry().window());
    }
    if (layer instanceof MaxPool p) {
      return p.isPlain() ? Optional.empty() : Optional.of("has windows of " + p.window());
    }
    return layer instanceof GlobalSum
        ? Optional.empty()
        : Optional.of("is of the kind " + layer.getClass().getSimpleName());
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
    return new QuantizedNetwork(newName, input, layers, provenance);
  }
}
