package org.bitquake.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bitquake.data.Shape;

/** What makes a list of sound layers a sound network. */
final class GraphCheck {
  private static final int MAX_LAYERS = 4096;

  private GraphCheck() {}

  static void check(Shape inputShape, List<Layer> layers) {
    Check.that(
        !layers.isEmpty() && layers.size() <= MAX_LAYERS,
        "a network of %d layers: use 1 to %d",
        layers.size(),
        MAX_LAYERS);
    Check.tensor("(input)", inputShape.channels(), inputShape.height(), inputShape.width());
    Set<String> names = new HashSet<>();
    boolean[] read = new boolean[layers.size()];
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      Check.that(names.add(layer.name()), "layer %s: there are two of this name", layer.name());
      checkOperand(inputShape, layers, i, "input", layer.input(), layer.inputShape());
      mark(read, layer.input());
      if (layer instanceof Convolution c) {
        checkConvolution(inputShape, layers, i, c);
        c.residual().ifPresent(r -> mark(read, r.source()));
      } else {
        Check.that(
            i < layers.size() - 1,
            "layer %s is the last one and has no weights; the last layer must give the logits",
            layer.name());
        maxCode(layers, i);
      }
    }
    for (int i = 0; i < layers.size() - 1; i++) {
      Check.that(read[i], "layer %s: no later layer reads it", layers.get(i).name());
    }
  }

  private static void mark(boolean[] read, int position) {
    if (position != QuantizedNetwork.INPUT) {
      read[position] = true;
    }
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

  private static void checkConvolution(Shape inputShape, List<Layer> layers, int i, Convolution c) {
    boolean last = i == layers.size() - 1;
    if (last) {
      Shape out = c.outputShape();
      Check.that(
          c.activation().isEmpty() && c.residual().isEmpty() && out.height() * out.width() == 1,
          "layer %s: the last layer gives logits; it must write N×1×1 (not %s) without activation"
              + " and residual",
          c.name(),
          out);
    } else {
      Check.that(
          c.activation().isPresent(),
          "layer %s: every layer with weights but the last needs an activation",
          c.name());
    }
    checkAccumulator(c, maxCode(layers, c.input()));
    c.residual()
        .ifPresent(
            r -> {
              checkOperand(inputShape, layers, i, "residual", r.source(), c.outputShape());
              Check.that(
                  maxCode(layers, r.source()) <= 255,
                  "layer %s: its residual %s has codes above 255",
                  c.name(),
                  layers.get(Math.max(0, r.source())).name());
            });
  }

  /** Every partial sum of {@code Σ w·a} fits int32, for any codes that faults may leave behind. */
  private static void checkAccumulator(Convolution c, int maxInput) {
    long bound = c.accumulatorBound(maxInput);
    Check.that(
        bound <= Integer.MAX_VALUE,
        "layer %s: %d products of %d-bit weights and inputs up to %d can reach %d, which overflows"
            + " the 32-bit accumulator; use fewer bits or split the layer",
        c.name(),
        c.geometry().taps(c.inputShape()),
        c.weights().bits(),
        maxInput,
        bound);
  }

  static int maxCode(List<Layer> layers, int position) {
    if (position == QuantizedNetwork.INPUT) {
      return QuantizedNetwork.MAX_PIXEL;
    }
    Layer layer = layers.get(position);
    if (layer instanceof Convolution c) {
      Check.that(c.activation().isPresent(), "layer %s writes logits, not codes", c.name());
      return c.activation().orElseThrow().maxCode();
    }
    int input = maxCode(layers, layer.input());
    if (layer instanceof MaxPool) {
      return input;
    }
    Shape shape = layer.inputShape();
    long sum = (long) shape.height() * shape.width() * input;
    Check.that(
        sum <= Integer.MAX_VALUE,
        "layer %s: the sum of %d×%d codes up to %d does not fit 32 bits",
        layer.name(),
        shape.height(),
        shape.width(),
        input);
    return (int) sum;
  }
}
