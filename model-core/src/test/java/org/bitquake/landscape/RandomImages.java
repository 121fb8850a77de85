package org.bitquake.landscape;

import java.util.SplittableRandom;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;

/** Noise with random labels, for any network. */
final class RandomImages {
  private RandomImages() {}

  static Dataset of(QuantizedNetwork network, int count, long seed) {
    var random = new SplittableRandom(seed);
    byte[] pixels = new byte[count * network.inputShape().size()];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(network.classes());
    }
    return new Dataset("noise", network.inputShape(), network.classes(), pixels, labels);
  }
}
