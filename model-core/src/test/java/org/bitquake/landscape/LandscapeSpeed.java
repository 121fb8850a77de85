package org.bitquake.landscape;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.bitquake.engine.Engines;

/** Prints images per CPU-second of the loss with real weights beside the fastest integer engine. */
final class LandscapeSpeed {
  private static final int IMAGES = 1024;

  private LandscapeSpeed() {}

  public static void main(String[] args) {
    var network = Trained.network("standard");
    var images = Trained.images(IMAGES);
    var direction = Direction.random(network, 1, 0);
    for (int round = 0; round < 4; round++) {
      try (var engine = Engines.prepare(network)) {
        int[] predictions = new int[IMAGES];
        print(engine.name(), () -> engine.predict(images.pixels(), IMAGES, predictions));
      }
      var loss = new LossFunction(network, images);
      float[][] weights = loss.space().at(0.1, direction);
      double[] v = Probes.rademacher(1, 0, loss.space().dimension());
      var hessian = loss.hessian(weights);
      print("loss, " + Kernels.fastest().name(), () -> loss.at(weights));
      print("gradient", () -> loss.gradient(weights));
      print("Hessian times vector", () -> hessian.apply(v));
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
