package org.bitquake.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bitquake.landscape.Direction;
import org.bitquake.landscape.LossFunction;
import org.bitquake.landscape.Trained;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;

/**
 * Compares an engine, named by the argument, with the reference in a process of its own, whose
 * environment or options limit the instructions that may be used. Prints {@code equal N, different
 * N, refused N}. Without an argument, prints which engine is picked, and a loss.
 */
final class EngineProbe {
  private static final int NETWORKS = 100;
  private static final int IMAGES = 19;

  private EngineProbe() {}

  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      var network = Trained.network("standard");
      try (var engine = Engines.prepare(network)) {
        System.out.println("picked " + engine.name());
      }
      System.out.println("loss " + loss(network));
      return;
    }
    EngineProvider provider =
        Engines.all().stream()
            .map(Engines.Status::provider)
            .filter(p -> p.name().equals(args[0]))
            .findFirst()
            .orElseThrow();
    var obstacle = provider.unavailable();
    System.out.println("unavailable " + obstacle.orElse("no"));
    if (obstacle.isPresent()) {
      return;
    }
    System.out.println("known answers " + KnownAnswers.failure(provider).orElse("right"));
    List<QuantizedNetwork> networks = new ArrayList<>();
    for (int seed = 1000; seed < 1000 + NETWORKS; seed++) {
      networks.add(RandomNetworks.of(seed));
    }
    for (int seed = 1000; seed < 1000 + NETWORKS / 2; seed++) {
      networks.add(RandomNetworks.wide(seed));
    }
    for (Path file : EngineContractTest.trained().toList()) {
      networks.add(EngineContractTest.read(file));
    }
    int[] counts = new int[3];
    for (var network : networks) {
      var why = provider.unsupported(network);
      why.ifPresent(System.out::println);
      counts[why.isPresent() ? 2 : same(provider, network) ? 0 : 1]++;
    }
    System.out.printf(
        Locale.ROOT, "equal %d, different %d, refused %d%n", counts[0], counts[1], counts[2]);
  }

  /** The loss of a network on some images, beside its own weights. */
  static double loss(QuantizedNetwork network) {
    var f = new LossFunction(network, Trained.images(IMAGES));
    var direction = Direction.random(network, 1, 0);
    return f.at(f.space().at(0.1, direction)).loss();
  }

  private static boolean same(EngineProvider provider, QuantizedNetwork network) {
    byte[] images = new byte[IMAGES * network.inputShape().size()];
    new SplittableRandom(IMAGES).nextBytes(images);
    float[] expected = new float[IMAGES * network.classes()];
    float[] actual = new float[expected.length];
    try (var reference = new ReferenceEngine(network);
        var fast = provider.prepare(network)) {
      boolean same = true;
      for (byte[][] codes :
          List.of(network.copyCodes(), EngineContractTest.randomCodes(network, IMAGES))) {
        reference.load(codes);
        fast.load(codes);
        reference.logits(images, IMAGES, expected);
        fast.logits(images, IMAGES, actual);
        same &= Arrays.equals(expected, actual);
      }
      return same;
    }
  }
}
