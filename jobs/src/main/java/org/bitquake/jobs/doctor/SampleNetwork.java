package org.bitquake.jobs.doctor;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bitquake.engine.Engine;
import org.bitquake.engine.ReferenceProvider;
import org.bitquake.network.Activation;
import org.bitquake.network.LayerParameters;
import org.bitquake.network.LeNet5;
import org.bitquake.network.QuantizedNetwork;

/** A LeNet-5 of drawn weights and images, with the logits that follow from the definitions. */
final class SampleNetwork {
  private static final int BITS = 4;
  private static final float WEIGHT_STEP = 0.05f;
  private static final int BATCH = 250;
  private static final int COMPARED = 64;

  private final SplittableRandom random = new SplittableRandom(1);
  private final QuantizedNetwork network;
  private final byte[] images;
  private final float[] logits;

  SampleNetwork() {
    network =
        LeNet5.of(
            "sample",
            List.of(
                layer(6, 25, 1f / 255, 0.1f),
                layer(16, 150, 0.1f, 0.2f),
                layer(120, 400, 0.2f, 0.5f),
                layer(84, 120, 0.5f, 1),
                layer(10, 84, 1, 0)),
            Map.of());
    images = new byte[BATCH * LeNet5.INPUT_SHAPE.size()];
    random.nextBytes(images);
    try (var reference = new ReferenceProvider().prepare(network)) {
      logits = logits(reference);
    }
  }

  /** The network. */
  QuantizedNetwork network() {
    return network;
  }

  /** Whether an engine prepared for the network gives the logits, to the bit. */
  boolean isAnsweredBy(Engine engine) {
    return Arrays.equals(logits, logits(engine));
  }

  /**
   * Images in a second of this thread's CPU time, after half as long to warm up; wall-clock time
   * counts where there is no such clock.
   */
  double imagesPerSecond(Engine engine, double seconds) {
    rate(engine, seconds / 2);
    return rate(engine, seconds);
  }

  private double rate(Engine engine, double seconds) {
    int[] predictions = new int[BATCH];
    long images = 0;
    long start = clock();
    long end = start + (long) (seconds * 1e9);
    long now = start;
    while (now <= end || images == 0) {
      engine.predict(this.images, BATCH, predictions);
      images += BATCH;
      now = clock();
    }
    return images * 1e9 / Math.max(1, now - start);
  }

  private static long clock() {
    var threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported()
        ? threads.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  private float[] logits(Engine engine) {
    float[] answer = new float[COMPARED * network.classes()];
    engine.logits(images, COMPARED, answer);
    return answer;
  }

  /**
   * @param outputStep 0 for logits
   */
  private LayerParameters layer(int outputs, int taps, float inputStep, float outputStep) {
    byte[] codes = new byte[outputs * taps];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (random.nextInt(16) - 8);
    }
    return new LayerParameters(
        codes,
        BITS,
        WEIGHT_STEP,
        new float[outputs],
        inputStep,
        outputStep == 0 ? Optional.empty() : Optional.of(new Activation(BITS, outputStep)));
  }
}
