package org.bitquake.landscape;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.engine.Engines;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/** Prints images per CPU-second of the loss with real weights beside the fastest integer engine. */
final class LandscapeSpeed {
  private static final int IMAGES = 1024;

  private LandscapeSpeed() {}

  public static void main(String[] args) throws IOException {
    var file = Path.of("../conf/networks/lenet5-standard.qnn.npz");
    QuantizedNetwork network;
    try (var in = Files.newInputStream(file)) {
      network = QnnFile.read(in, file.toString());
    }
    var all = Datasets.load("fashion-mnist", "test", Optional.empty(), new Configuration());
    byte[] pixels = new byte[IMAGES * all.shape().size()];
    byte[] labels = new byte[IMAGES];
    System.arraycopy(all.pixels(), 0, pixels, 0, pixels.length);
    System.arraycopy(all.labels(), 0, labels, 0, IMAGES);
    var images = new Dataset("some", all.shape(), 10, pixels, labels);
    var space = new WeightSpace(network);
    float[][] weights = space.at(0.1, Direction.random(network, 1, 0));
    for (int round = 0; round < 5; round++) {
      try (var engine = Engines.prepare(network)) {
        int[] predictions = new int[IMAGES];
        print(engine.name(), () -> engine.predict(pixels, IMAGES, predictions));
      }
      var loss = new LossFunction(network, images);
      print("loss, " + Kernels.fastest().name(), () -> loss.at(weights));
      print("direction", () -> Direction.random(network, 1, 0));
      if (args.length > 0) {
        var plain = new LossFunction(network, images, new PlainKernels());
        print("loss, plain", () -> plain.at(weights));
      }
    }
  }

  private static void print(String what, Runnable work) {
    long start = cpu();
    long done = 0;
    while (cpu() - start < 1_000_000_000L) {
      work.run();
      done += IMAGES;
    }
    double speed = done / ((cpu() - start) / 1e9);
    System.out.printf(Locale.ROOT, "%s: %,.0f images per CPU-second%n", what, speed);
  }

  /** CPU time of this thread: a busy machine does not blur it. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
