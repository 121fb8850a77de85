package org.bitquake.network;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.data.Shape;

/** What makes a list of sound layers a sound network. */
final class GraphCheck {
  private static final int MAX_LAYERS = 4096;
  private static final int MAX_CLASSES = 1 << 16;

  private GraphCheck() {}

  static void check(Input input, List<Layer> layers) {
    Check.that(
        !layers.isEmpty() && layers.size() <= MAX_LAYERS,
        "a network of %d layers: use 1 to %d",
        layers.size(),
        MAX_LAYERS);
    Shape image = input.shape();
    Check.tensor("(input)", image.channels(), image.height(), image.width());
    Set<String> names = new HashSet<>();
    boolean[] read = new boolean[layers.size()];
    TensorCodes[] codes = new TensorCodes[layers.size()];
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Check.that(names.add(layer.name()), "layer %s: there are two of this name", layer.name());
      for (int k = 0; k < layer.inputs().size(); k++) {
        int source = layer.inputs().get(k);
        checkOperand(image, layers, i, what(layer, k), source, layer.inputShapes().get(k));
        if (source != QuantizedNetwork.INPUT) {
          read[source] = true;
        }
      }
      codes[i] = codes(input, codes, layer).orElse(null);
      Check.that(
          codes[i] != null || i == layers.size() - 1,
          "layer %s: every layer with weights but the last needs an activation",
          layer.name());
    }
    for (int i = 0; i < layers.size() - 1; i++) {
      Check.that(read[i], "layer %s: no later layer reads it", layers.get(i).name());
    }
    checkLast(layers.get(layers.size() - 1));
  }

  private static void checkLast(Layer last) {
    Shape out = last.outputShape();
    boolean sound =
        last instanceof Convolution c
            ? c.activation().isPresent() || c.residual().isEmpty()
            : !(last instanceof GlobalSum);
    Check.that(
        sound && out.height() * out.width() == 1,
        "layer %s: the last layer gives the logits, or codes of them; it must write N×1×1 (not %s),"
            + " without activation and residual or with an activation",
        last.name(),
        out);
    Check.that(
        out.channels() <= MAX_CLASSES,
        "layer %s: %d classes; at most %d are supported",
        last.name(),
        out.channels(),
        MAX_CLASSES);
  }

  private static String what(Layer layer, int operand) {
    if (layer instanceof Convolution) {
      return operand == 0 ? "input" : "residual";
    }
    return layer.inputs().size() == 1 ? "input" : "input " + (operand + 1);
  }

  private static void checkOperand(
      Shape inputShape, List<Layer> layers, int i, String what, int source, Shape expected) {
    String name = layers.get(i).name();
    Check.that(
        source < i,
        "layer %s: its %s is layer %d, but it is layer %d itself and can read earlier ones only",
        name,
        what,
        source,
        i);
    Shape actual = source == QuantizedNetwork.INPUT ? inputShape : layers.get(source).outputShape();
    String sourceName =
        source == QuantizedNetwork.INPUT ? "the network's input" : layers.get(source).name();
    Check.that(
        actual.equals(expected),
        "layer %s: its %s should be %s, but %s is %s",
        name,
        what,
        expected,
        sourceName,
        actual);
  }

  /** What a layer writes, given what the layers before it write. */
  private static Optional<TensorCodes> codes(Input input, TensorCodes[] before, Layer layer) {
    return layer.codes(
        layer.inputs().stream()
            .map(p -> p == QuantizedNetwork.INPUT ? input.codes().codes() : before[p])
            .toList());
  }

  static TensorCodes codes(Input input, List<Layer> layers, int position) {
    if (position == QuantizedNetwork.INPUT) {
      return input.codes().codes();
    }
    TensorCodes[] codes = new TensorCodes[position + 1];
    for (int i = 0; i <= position; i++) {
      codes[i] = codes(input, codes, layers.get(i)).orElse(null);
    }
    Check.that(
        codes[position] != null, "layer %s writes logits, not codes", layers.get(position).name());
    return codes[position];
  }
}
