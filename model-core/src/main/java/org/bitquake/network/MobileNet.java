package org.bitquake.network;

import java.util.Map;
import org.bitquake.network.Convolution.Geometry;

/**
 * MobileNet for CIFAR, after Howard et al. (2017, arXiv 1704.04861): a 3×3 stem of {@code width}
 * channels, then blocks of a depthwise 3×3 and a pointwise 1×1 convolution, each with batch
 * normalisation and ReLU, a global average and ten classes.
 *
 * <p>There are three stages of two blocks, of 2, 4 and 8 times {@code width} channels: as in the
 * paper, the first block of a stage halves the map and doubles the channels, the second keeps both.
 * The stem has stride 1 in place of 2 and the paper's last stages are left out, so that the last
 * map of a 32×32 image is 4×4. Width 32, the paper's, has 0.14 million weights and 6.0 million
 * multiply-accumulates.
 */
public final class MobileNet {
  private static final int BLOCKS = 6;

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
    for (int b = 0; b < BLOCKS; b++) {
      String block = "block" + b;
      int channels = net.channels(last);
      int stride = 2 - b % 2;
      var depthwise = new Geometry(channels, 3, 3, stride, 1, channels);
      last = net.convolution(block + ".depthwise", last, depthwise);
      var pointwise = new Geometry(width << (b / 2 + 1), 1, 1, 1, 0, 1);
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
