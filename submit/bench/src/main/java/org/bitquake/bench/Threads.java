package org.bitquake.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bitquake.engine.Engine;
import org.bitquake.engine.EngineProvider;

/**
 * Two task threads against one, as Spark runs them: each with an engine and a memory of its own.
 * Runs in a process of its own, because the one that measures everything else is pinned to one
 * core.
 */
final class Threads {
  private static final int THREADS = 2;

  /** Warm-ups, on one thread: the other core is the compiler's. */
  private static final int WARM_UPS = 8;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Threads() {}

  /**
   * One engine on one network.
   *
   * @param one trials a second of one thread, a value for each round
   * @param two the same of two threads together
   */
  record Scaling(String subject, String engine, int images, List<Double> one, List<Double> two) {
    /** The median over rounds of two / one. */
    double ratio() {
      double[] ratios = new double[one.size()];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = two.get(i) / one.get(i);
      }
      return Series.median(ratios);
    }
  }

  /**
   * Runs {@link #main} in a process on these processors.
   *
   * @param processors as taskset knows them; empty to leave it where it is
   */
  static List<Scaling> start(Path home, boolean quick, Optional<String> processors)
      throws IOException {
    List<String> command = new ArrayList<>();
    processors.ifPresent(list -> command.addAll(List.of("taskset", "-c", list)));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Threads.class.getName(), home.toString(), Boolean.toString(quick)));
    List<Scaling> all = new ArrayList<>();
    for (String line : Command.lines(command)) {
      if (line.startsWith("{")) {
        all.add(JSON.readValue(line, Scaling.class));
      }
    }
    return all;
  }

  /** {@code home quick}: prints a line for each engine and network. */
  public static void main(String[] args) throws IOException {
    boolean quick = Boolean.parseBoolean(args[1]);
    run(Path.of(args[0]), quick, quick ? Settings.QUICK : Settings.FULL);
  }

  private static void run(Path home, boolean quick, Settings settings) throws IOException {
    var workloads = new ArrayList<>(List.of(Workload.lenet5(home)));
    if (!quick) {
      workloads.add(Workload.resnet18(Workload.WIDTH));
    }
    for (var w : workloads) {
      int images = w.title().equals(Workload.LENET5) ? 250 : 30;
      for (var provider : Rounds.usable(w)) {
        var scaling = measure(w, provider, images, settings);
        if (scaling.isPresent()) {
          System.out.println(JSON.writeValueAsString(scaling.get()));
        }
      }
    }
  }

  /** Empty for an engine that takes longer than a second for a trial. */
  private static Optional<Scaling> measure(
      Workload w, EngineProvider provider, int images, Settings settings) {
    List<Double> one = new ArrayList<>();
    List<Double> two = new ArrayList<>();
    var pool = Executors.newFixedThreadPool(THREADS);
    try (var first = new Worker(w, provider, images, 1);
        var second = new Worker(w, provider, images, 2)) {
      together(pool, List.of(first), settings.warmUp().multipliedBy(WARM_UPS));
      together(pool, List.of(first, second), settings.warmUp());
      if (first.rate(Duration.ZERO) < 1) {
        return Optional.empty();
      }
      for (int round = 0; round < settings.rounds(); round++) {
        one.add(together(pool, List.of(first), settings.slice()));
        two.add(together(pool, List.of(first, second), settings.slice()));
      }
    } finally {
      pool.shutdown();
    }
    return Optional.of(new Scaling(w.title(), provider.name(), images, one, two));
  }

  /** Trials a second of these workers, each in a thread of its own. */
  private static double together(ExecutorService pool, List<Worker> workers, Duration slice) {
    var start = new CyclicBarrier(workers.size());
    List<Future<Double>> rates = new ArrayList<>();
    for (var worker : workers) {
      rates.add(
          pool.submit(
              () -> {
                start.await();
                return worker.rate(slice);
              }));
    }
    double sum = 0;
    try {
      for (var rate : rates) {
        sum += rate.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return sum;
  }

  /** What a task thread has. */
  private static final class Worker implements AutoCloseable {
    private final Engine engine;
    private final TrialMemory memory;
    private final Runnable predict;

    Worker(Workload w, EngineProvider provider, int images, long seed) {
      engine = provider.prepare(w.network());
      memory = new TrialMemory(w.network(), seed);
      int[] predictions = new int[images];
      predict = () -> engine.predict(w.pixels(), images, predictions);
    }

    /** Trials a second by the clock on the wall, over at least one trial. */
    double rate(Duration slice) {
      long start = System.nanoTime();
      long trials = 0;
      long now;
      do {
        Rounds.trial(engine, memory, predict);
        trials++;
        now = System.nanoTime();
      } while (now - start < slice.toNanos());
      return trials / ((now - start) / 1e9);
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
