package org.bitquake.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.bitquake.landscape.Direction;
import org.bitquake.landscape.LossFunction;
import org.bitquake.landscape.Trained;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.RandomNetworks;

/**
 * Compares an engine, named by the first argument, with the reference in a process of its own,
 * whose environment or options limit the instructions that may be used. What the reference says is
 * in the file that the second argument names. Prints {@code equal N, different N, refused N}.
 * Without an argument, prints which engine is picked, and a loss.
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
    EngineProvider provider = // of all of them Engines would ask known answers
        ServiceLoader.load(EngineProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.name().equals(args[0]))
            .findFirst()
            .orElseThrow();
    var obstacle = provider.unavailable();
    System.out.println("unavailable " + obstacle.orElse("no"));
    if (obstacle.isPresent()) {
      return;
    }
    System.out.println("known answers " + KnownAnswers.failure(provider).orElse("right"));
    int[] counts = new int[3];
    try (var answers = new DataInputStream(buffered(Path.of(args[1])))) {
      for (var network : networks()) {
        var why = provider.unsupported(network);
        why.ifPresent(System.out::println);
        boolean same = same(provider, network, answers);
        counts[why.isPresent() ? 2 : same ? 0 : 1]++;
      }
    }
    System.out.printf(
        Locale.ROOT, "equal %d, different %d, refused %d%n", counts[0], counts[1], counts[2]);
  }

  /** Writes the reference's logits of all networks, for every process that compares. */
  static void writeAnswers(Path file) throws IOException {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (var network : networks()) {
        float[] logits = new float[IMAGES * network.classes()];
        try (var reference = ReferenceEngine.forBatches(network, IMAGES)) {
          for (byte[][] codes : codes(network)) {
            reference.load(codes);
            reference.logits(images(network), IMAGES, logits);
            for (float logit : logits) {
              out.writeFloat(logit);
            }
          }
        }
      }
    }
  }

  private static BufferedInputStream buffered(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file));
  }

  private static List<QuantizedNetwork> networks() throws IOException {
    List<QuantizedNetwork> networks = new ArrayList<>();
    for (int seed = 1000; seed < 1000 + NETWORKS; seed++) {
      networks.add(RandomNetworks.of(seed));
    }
    for (int seed = 1000; seed < 1000 + NETWORKS / 2; seed++) {
      networks.add(RandomNetworks.wide(seed));
    }
    for (Path file : EngineContractTest.trained().toList()) {
      if (!EngineContractTest.isWide(file)) { // a process for each kind of processor
        networks.add(EngineContractTest.read(file));
      }
    }
    return networks;
  }

  private static List<byte[][]> codes(QuantizedNetwork network) {
    return List.of(network.copyCodes(), EngineContractTest.randomCodes(network, IMAGES));
  }

  private static byte[] images(QuantizedNetwork network) {
    byte[] images = new byte[IMAGES * network.inputShape().size()];
    new SplittableRandom(IMAGES).nextBytes(images);
    return images;
  }

  /** The loss of a network on some images, beside its own weights. */
  static double loss(QuantizedNetwork network) {
    var f = new LossFunction(network, Trained.images(IMAGES));
    var direction = Direction.random(network, 1, 0);
    return f.at(f.space().at(0.1, direction)).loss();
  }

  /** Reads the answers on this network, whether or not the engine can do it. */
  private static boolean same(
      EngineProvider provider, QuantizedNetwork network, DataInputStream answers)
      throws IOException {
    float[][] expected = new float[codes(network).size()][IMAGES * network.classes()];
    for (float[] logits : expected) {
      for (int i = 0; i < logits.length; i++) {
        logits[i] = answers.readFloat();
      }
    }
    if (provider.unsupported(network).isPresent()) {
      return false;
    }
    float[] actual = new float[IMAGES * network.classes()];
    boolean same = true;
    try (var fast = provider.prepare(network)) {
      for (int i = 0; i < expected.length; i++) {
        fast.load(codes(network).get(i));
        fast.logits(images(network), IMAGES, actual);
        same &= Arrays.equals(expected[i], actual);
      }
    }
    return same;
  }
}
