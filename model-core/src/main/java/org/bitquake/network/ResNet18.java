package org.bitquake.network;

import java.util.Map;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution.Geometry;

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
  public static final Shape INPUT_SHAPE = NetworkBuilder.IMAGE;

  private static final int STAGES = 4;

  private ResNet18() {}

  /**
   * The integer network. A residual's ratio is its source's step over the step of the layer that
   * adds it.
   *
   * @throws IllegalArgumentException naming the layer, if a length or a bit width does not fit
   */
  public static QuantizedNetwork of(
      String name,
      int width,
      float inputStep,
      ParameterSource source,
      Map<String, String> provenance) {
    NetworkBuilder.checkWidth("ResNet-18", width);
    var net = new NetworkBuilder(source);
    int last = net.convolution("stem", QuantizedNetwork.INPUT, new Geometry(width, 3, 3, 1, 1, 1));
    for (int block = 0; block < 2 * STAGES; block++) {
      int channels = width << (block / 2);
      boolean narrows = block > 0 && block % 2 == 0;
      last = block(net, "block" + block, last, channels, narrows ? 2 : 1);
    }
    net.logits(net.globalSum("pool", last));
    return net.build(name, inputStep, provenance);
  }

  private static int block(NetworkBuilder net, String name, int input, int channels, int stride) {
    int first = net.convolution(name + ".conv1", input, new Geometry(channels, 3, 3, stride, 1, 1));
    int residual =
        stride == 1
            ? input
            : net.convolution(
                name + ".shortcut", input, new Geometry(channels, 1, 1, stride, 0, 1));
    return net.convolution(name + ".conv2", first, new Geometry(channels, 3, 3, 1, 1, 1), residual);
  }

  /**
   * A network of 4-bit weights that depends on width and seed only; it has learned nothing, but its
   * activations are spread over their codes as a trained network's are.
   */
  public static QuantizedNetwork random(int width, long seed) {
    var provenance = Map.of("random.seed", Long.toString(seed));
    return of("resnet18-random", width, 1 / 255f, new RandomParameters(seed), provenance);
  }
}
