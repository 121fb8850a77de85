package org.bitquake.network;

import java.util.Map;
import org.bitquake.network.Convolution.Geometry;

/**
 * MobileNet for CIFAR, after Howard et al. (2017, arXiv 1704.04861): a 3×3 stem of {@code width}
 * channels, then blocks of a depthwise 3×3 and a pointwise 1×1 convolution, each with batch
 * normalisation and ReLU, a global average and ten classes.
 *
 * <p>The blocks are the paper's first six, which write 2, 4, 4, 8, 8 and 16 times {@code width}
 * channels, the second, fourth and sixth at stride 2. With the stem at stride 1 instead of 2, and
 * without the paper's seven further blocks, the last map of a 32×32 image is 4×4. Width 32, the
 * paper's, has 0.27 million weights and 18.6 million multiply-accumulates.
 */
public final class MobileNet {

  /** Channels that each block writes, in widths. */
  private static final int[] WIDTHS = {2, 4, 4, 8, 8, 16};

  private MobileNet() {}

  /**
   * The integer network.
   *
   * @throws IllegalArgumentException naming the layer, if a length or a bit width does not fit
   */
  public static QuantizedNetwork of(
      String name,
      int width,
      float inputStep,
      ParameterSource source,
      Map<String, String> provenance) {
    NetworkBuilder.checkWidth("MobileNet", width);
    var net = new NetworkBuilder(source);
    int last = net.convolution("stem", QuantizedNetwork.INPUT, new Geometry(width, 3, 3, 1, 1, 1));
    for (int b = 0; b < WIDTHS.length; b++) {
      String block = "block" + b;
      int channels = net.channels(last);
      int stride = 1 + b % 2;
      var depthwise = new Geometry(channels, 3, 3, stride, 1, channels);
      last = net.convolution(block + ".depthwise", last, depthwise);
      var pointwise = new Geometry(WIDTHS[b] * width, 1, 1, 1, 0, 1);
      last = net.convolution(block + ".pointwise", last, pointwise);
    }
    net.logits(net.globalSum("pool", last));
    return net.build(name, inputStep, provenance);
  }

  /** As {@link ResNet18#random}. */
  public static QuantizedNetwork random(int width, long seed) {
    var provenance = Map.of("random.seed", Long.toString(seed));
    return of("mobilenet-random", width, 1 / 255f, new RandomParameters(seed), provenance);
  }
}
