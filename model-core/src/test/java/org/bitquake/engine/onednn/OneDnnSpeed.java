package org.bitquake.engine.onednn;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.ResNet18Random;

/**
 * Prints medians of images per CPU-second and of the CPU time to load other weights: {@code main
 * [width of ResNet-18…]}. Run it with {@code OMP_NUM_THREADS=1}.
 */
final class OneDnnSpeed {
  private static final int ROUNDS = 15;

  private OneDnnSpeed() {}

  public static void main(String[] args) {
    int[] widths =
        args.length == 0
            ? new int[] {16, 64}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    for (int width : widths) {
      measure(ResNet18Random.of(width, 32, 1, 1));
    }
  }

  private static void measure(QuantizedNetwork network) {
    var provider = new OneDnnProvider();
    System.out.printf(
        Locale.ROOT,
        "%s: %.1f million MAC, %d weights, estimate %.0f images/s%n",
        network.name(),
        network.macs() / 1e6,
        network.weightCount(),
        1e9 / provider.nanosPerImage(network));
    try (var engine = provider.prepare(network)) {
      for (int batch : new int[] {20, 50, 100}) {
        byte[] images = new byte[batch * network.inputShape().size()];
        new SplittableRandom(2).nextBytes(images);
        int[] predictions = new int[batch];
        double seconds = median(() -> engine.predict(images, batch, predictions));
        System.out.printf(Locale.ROOT, "  batch %d: %.0f images/s%n", batch, batch / seconds);
      }
      byte[][][] codes = {network.copyCodes(), otherCodes(network)};
      int[] turn = {0};
      double seconds = median(() -> engine.load(codes[turn[0]++ % 2]));
      System.out.printf(Locale.ROOT, "  load: %.2f ms%n", seconds * 1e3);
    }
  }

  private static byte[][] otherCodes(QuantizedNetwork network) {
    byte[][] codes = network.copyCodes();
    for (byte[] layer : codes) {
      for (int i = 0; i < layer.length; i += 50) {
        layer[i] = (byte) (-1 - layer[i]);
      }
    }
    return codes;
  }

  /** CPU time of this thread: a busy machine does not blur it. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double median(Runnable work) {
    double[] seconds = new double[ROUNDS];
    work.run();
    for (int i = 0; i < ROUNDS; i++) {
      long start = cpu();
      work.run();
      seconds[i] = (cpu() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[ROUNDS / 2];
  }
}
