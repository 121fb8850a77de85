package org.bitquake.engine;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.network.Activation;
import org.bitquake.network.LayerParameters;
import org.bitquake.network.LeNet5;
import org.bitquake.network.QuantizedNetwork;

/** Prints the reference engine's images per CPU-second: {@code main [block…]}. */
final class EngineSpeed {
  private EngineSpeed() {}

  public static void main(String[] args) {
    QuantizedNetwork network = randomLeNet5();
    byte[] images = new byte[1000 * 784];
    new SplittableRandom(2).nextBytes(images);
    int[] blocks = args.length == 0 ? new int[] {ReferenceEngine.BLOCK} : blocks(args);
    for (int round = 0; round < 3; round++) {
      for (int block : blocks) {
        for (int batch : new int[] {20, 50, 100, 1000}) {
          System.out.printf(
              Locale.ROOT,
              "block %d, batch %d: %.0f images per CPU-second%n",
              block,
              batch,
              speed(network, block, batch, images));
        }
      }
    }
    var engine = new ReferenceEngine(network);
    byte[][] codes = network.copyCodes();
    long start = cpu();
    for (int i = 0; i < 2000; i++) {
      engine.load(codes);
    }
    System.out.printf(Locale.ROOT, "load: %.1f us%n", (cpu() - start) / 2000e3);
  }

  /** CPU time of this thread: a busy machine does not blur it. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static int[] blocks(String[] args) {
    return Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
  }

  private static double speed(QuantizedNetwork network, int block, int batch, byte[] images) {
    try (var engine = new ReferenceEngine(network, block)) {
      int[] predictions = new int[batch];
      long start = cpu();
      long done = 0;
      while (cpu() - start < 500_000_000L) {
        engine.predict(images, batch, predictions);
        done += batch;
      }
      return done / ((cpu() - start) / 1e9);
    }
  }

  /** Weights roughly normal, a fifth of them 0, as learned step sizes leave them. */
  static QuantizedNetwork randomLeNet5() {
    var random = new SplittableRandom(1);
    int[] counts = {150, 2400, 48000, 10080, 840};
    int[] outs = {6, 16, 120, 84, 10};
    List<LayerParameters> five = new ArrayList<>();
    float in = 1 / 255f;
    for (int l = 0; l < 5; l++) {
      byte[] codes = new byte[counts[l]];
      for (int i = 0; i < codes.length; i++) {
        int sum = 0;
        for (int k = 0; k < 12; k++) {
          sum += random.nextInt(9) - 4;
        }
        codes[i] = (byte) Math.max(-8, Math.min(7, Math.round(sum / 4f)));
      }
      Optional<Activation> activation =
          l < 4 ? Optional.of(new Activation(4, 0.1f)) : Optional.empty();
      five.add(new LayerParameters(codes, 4, 0.03f, new float[outs[l]], in, activation));
      in = 0.1f;
    }
    return LeNet5.of("random", five, Map.of());
  }
}
