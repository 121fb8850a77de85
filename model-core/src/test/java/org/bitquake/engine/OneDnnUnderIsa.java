package org.bitquake.engine;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bitquake.engine.onednn.OneDnnProvider;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;

/**
 * Compares the oneDNN engine with the reference in a process of its own, whose environment limits
 * the instructions that oneDNN uses. Prints {@code equal N, different N, refused N}.
 */
final class OneDnnUnderIsa {
  private static final int NETWORKS = 100;
  private static final int IMAGES = 19;

  private OneDnnUnderIsa() {}

  public static void main(String[] args) {
    var provider = new OneDnnProvider();
    System.out.println("unavailable " + provider.unavailable().orElse("no"));
    System.out.println("known answers " + KnownAnswers.failure(provider).orElse("right"));
    int[] counts = new int[3];
    for (int seed = 1000; seed < 1000 + NETWORKS; seed++) {
      QuantizedNetwork network = RandomNetworks.of(seed);
      var why = provider.unsupported(network);
      why.ifPresent(System.out::println);
      counts[why.isPresent() ? 2 : same(provider, network, seed) ? 0 : 1]++;
    }
    System.out.printf("equal %d, different %d, refused %d%n", counts[0], counts[1], counts[2]);
  }

  private static boolean same(EngineProvider provider, QuantizedNetwork network, long seed) {
    byte[] images = new byte[IMAGES * network.inputShape().size()];
    new SplittableRandom(seed).nextBytes(images);
    float[] expected = new float[IMAGES * network.classes()];
    float[] actual = new float[expected.length];
    try (var reference = new ReferenceEngine(network);
        var fast = provider.prepare(network)) {
      reference.logits(images, IMAGES, expected);
      fast.logits(images, IMAGES, actual);
    }
    return Arrays.equals(expected, actual);
  }
}
