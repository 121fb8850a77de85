package org.bitquake.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bitquake.fault.ActivationFaultSampler;
import org.bitquake.fault.ActivationFaultSampler.Scope;
import org.bitquake.fault.CellPattern;
import org.bitquake.fault.FaultKind;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;

/**
 * Prints what faults of activations leave of each engine's images per CPU-second: {@code main rate
 * engine network…}; all engines in one process cost some of it, as calls then have many targets.
 */
final class ActivationSpeed {
  private static final int BATCH = 64;
  private static final int ROUNDS = 15;

  private ActivationSpeed() {}

  public static void main(String[] args) throws IOException {
    double rate = args.length > 0 ? Double.parseDouble(args[0]) : 0.01;
    String only = args.length > 1 ? args[1] : "all";
    var files =
        args.length > 2
            ? Arrays.asList(args).subList(2, args.length)
            : List.of("lenet5-standard", "resnet18-standard");
    for (String file : files) {
      var network = EngineContractTest.read(Path.of("../conf/networks").resolve(file + ".qnn.npz"));
      for (var engine : Engines.all()) {
        boolean wanted = only.equals("all") || only.equals(engine.provider().name());
        if (wanted && engine.usable() && engine.provider().unsupported(network).isEmpty()) {
          measure(network, engine.provider(), rate);
        }
      }
    }
  }

  private static void measure(QuantizedNetwork network, EngineProvider provider, double rate) {
    var permanent = sampler(network, false);
    var anew = sampler(network, true);
    byte[] images = new byte[BATCH * network.inputShape().size()];
    new SplittableRandom(2).nextBytes(images);
    int[] numbers = IntStream.range(0, BATCH).toArray();
    int[] predictions = new int[BATCH];
    List<double[]> seconds = new ArrayList<>();
    try (var engine = provider.prepare(network)) {
      int[] trial = {0};
      Runnable[] work = {
        () -> engine.activations(ActivationFaults.NONE),
        () -> engine.activations(begin(permanent, trial[0]++, rate, numbers)),
        () -> engine.activations(begin(anew, trial[0]++, rate, numbers))
      };
      int repeats = 1;
      for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
        double[] its = new double[work.length];
        for (int w = 0; w < work.length; w++) {
          long start = cpu();
          for (int i = 0; i < repeats; i++) {
            work[w].run();
            engine.predict(images, BATCH, predictions);
          }
          its[w] = (cpu() - start) / 1e9 / repeats;
        }
        repeats = (int) Math.max(1, 0.15 / its[0]);
        if (round >= 0) {
          seconds.add(its);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s, %s: %.0f images/s; at rate %s permanent %.2f, transient %.2f of that%n",
          network.name(),
          provider.name(),
          BATCH / median(seconds, its -> its[0]),
          rate,
          median(seconds, its -> its[0] / its[1]),
          median(seconds, its -> its[0] / its[2]));
    }
  }

  private static ActivationFaults begin(
      ActivationFaultSampler sampler, long trial, double rate, int[] numbers) {
    sampler.draw(trial, rate);
    return sampler.faults(FaultKind.BIT_FLIP, rate, numbers);
  }

  private static ActivationFaultSampler sampler(QuantizedNetwork network, boolean isTransient) {
    var scope = new Scope(Storage.DEFAULT, false, isTransient);
    return new ActivationFaultSampler(1, network, CellPattern.INSTANCE, scope);
  }

  private static double median(List<double[]> rounds, ToDoubleFunction<double[]> of) {
    double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** CPU time of this thread: a busy machine does not blur it. */
  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
