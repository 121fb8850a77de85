package org.bitquake.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Activation;
import org.bitquake.network.Convolution.Geometry;
import org.bitquake.network.Convolution.WeightCodes;

/**
 * ResNet-18 for CIFAR (He et al., 2016, arXiv 1512.03385): a 3×3 stem of {@code width} channels,
 * four stages of {@code width}, 2, 4 and 8 times {@code width} channels with two basic blocks each,
 * the first of every stage but the first at stride 2 with a 1×1 shortcut, a global average and ten
 * classes. Width 64 has 11.2 million weights and 556 million multiply-accumulates.
 *
 * <p>The second convolution of a block adds the block's input, or its shortcut's codes, before
 * rounding. Batch normalisation is folded into each channel's bias and scale.
 */
public final class ResNet18 {
  /** {@code [C, H, W]} of an image. */
  public static final Shape INPUT_SHAPE = new Shape(3, 32, 32);

  private static final int CLASSES = 10;
  private static final int STAGES = 4;

  private ResNet18() {}

  /**
   * Where a layer with weights stands in the graph.
   *
   * @param name {@code stem}, {@code block0.conv1} … {@code block7.conv2}, {@code block2.shortcut},
   *     … {@code fc}
   * @param input position of the layer read
   * @param residual position of the layer added before rounding
   */
  public record Slot(
      String name, int input, Shape inputShape, Geometry geometry, OptionalInt residual) {}

  /**
   * What fills a slot.
   *
   * @param bias per output channel, in accumulator units
   * @param scale per output channel; that of {@code fc} contains the global average's divisor
   * @param activation empty for {@code fc} only
   */
  public record Parameters(
      WeightCodes weights, float[] bias, float[] scale, Optional<Activation> activation) {}

  /** Makes the parameters of a slot; slots are asked for in the order of the layers. */
  @FunctionalInterface
  public interface Source {
    Parameters parameters(Slot slot);
  }

  /**
   * The integer network. A residual's ratio is its source's step over the step of the layer that
   * adds it.
   *
   * @throws IllegalArgumentException naming the layer, if a length or a bit width does not fit
   */
  public static QuantizedNetwork of(
      String name, int width, float inputStep, Source source, Map<String, String> provenance) {
    Check.that(width >= 1 && width <= 512, "ResNet-18 of width %d: use 1 to 512", width);
    var graph = new Graph(source);
    int last = graph.add("stem", QuantizedNetwork.INPUT, new Geometry(width, 3, 3, 1, 1, 1));
    for (int block = 0; block < 2 * STAGES; block++) {
      int channels = width << (block / 2);
      boolean narrows = block > 0 && block % 2 == 0;
      last = graph.block("block" + block, last, channels, narrows ? 2 : 1);
    }
    graph.layers.add(new GlobalSum("pool", last, graph.shapeOf(last)));
    graph.add("fc", last + 1, new Geometry(CLASSES, 1, 1, 1, 0, 1));
    return new QuantizedNetwork(name, INPUT_SHAPE, inputStep, graph.layers, provenance);
  }

  /**
   * A network of 4-bit weights that depends on width and seed only; it has learned nothing, but its
   * activations are spread over their codes as a trained network's are.
   */
  public static QuantizedNetwork random(int width, long seed) {
    var provenance = Map.of("random.seed", Long.toString(seed));
    return of("resnet18-random", width, 1 / 255f, new RandomParameters(seed), provenance);
  }

  private static final class Graph {
    final List<Layer> layers = new ArrayList<>();
    private final Source source;

    Graph(Source source) {
      this.source = source;
    }

    Shape shapeOf(int position) {
      return position == QuantizedNetwork.INPUT ? INPUT_SHAPE : layers.get(position).outputShape();
    }

    int block(String name, int input, int channels, int stride) {
      int first = add(name + ".conv1", input, new Geometry(channels, 3, 3, stride, 1, 1));
      int residual =
          stride == 1
              ? input
              : add(name + ".shortcut", input, new Geometry(channels, 1, 1, stride, 0, 1));
      var geometry = new Geometry(channels, 3, 3, 1, 1, 1);
      return add(
          new Slot(name + ".conv2", first, shapeOf(first), geometry, OptionalInt.of(residual)));
    }

    int add(String name, int input, Geometry geometry) {
      return add(new Slot(name, input, shapeOf(input), geometry, OptionalInt.empty()));
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

    private Residual residual(int position, Parameters p) {
      return new Residual(
          position, step(((Convolution) layers.get(position)).activation()) / step(p.activation()));
    }

    private static float step(Optional<Activation> activation) {
      return activation
          .map(Activation::step)
          .orElseThrow(() -> new IllegalArgumentException("only fc may lack an activation"));
    }
  }
}
