package org.bitquake.network;

import java.util.Map;
import org.bitquake.network.Convolution.Geometry;

/**
 * VGG-11 for CIFAR: configuration A of Simonyan and Zisserman (2015, arXiv 1409.1556) in the form
 * that is usual for 32×32 images. Eight 3×3 convolutions of {@code width} times 1, 2, 4, 4, 8, 8, 8
 * and 8 channels, each with batch normalisation, which the paper does not have; 2×2 max pooling
 * after the first, second, fourth, sixth and eighth, down to 1×1; one fully connected layer in
 * place of the paper's three. Width 64, the paper's, has 9.2 million weights and 153 million
 * multiply-accumulates.
 */
public final class Vgg11 {

  /** Channels of {@code conv1} … {@code conv8}, in widths. */
  private static final int[] WIDTHS = {1, 2, 4, 4, 8, 8, 8, 8};

  private Vgg11() {}

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
    NetworkBuilder.checkWidth("VGG-11", width);
    var net = new NetworkBuilder(source);
    int last = QuantizedNetwork.INPUT;
    int pools = 0;
    for (int i = 1; i <= WIDTHS.length; i++) {
      var geometry = new Geometry(WIDTHS[i - 1] * width, 3, 3, 1, 1, 1);
      last = net.convolution("conv" + i, last, geometry);
      if (i == 1 || i % 2 == 0) {
        last = net.maxPool("pool" + ++pools, last);
      }
    }
    net.logits(last);
    return net.build(name, inputStep, provenance);
  }

  /** As {@link ResNet18#random}. */
  public static QuantizedNetwork random(int width, long seed) {
    var provenance = Map.of("random.seed", Long.toString(seed));
    return of("vgg11-random", width, 1 / 255f, new RandomParameters(seed), provenance);
  }
}
