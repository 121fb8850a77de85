package org.bitquake.jobs.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Runs waves that do not depend on each other, several at a time: some are computed while others
 * are committed, and many cores have enough to do. Spark gives its cores to the wave that was begun
 * first, so waves still end about in their order.
 */
public final class WavePool {
  /** What all cores together should be busy with, so that beginning and committing do not count. */
  private static final double SECONDS = 10;

  private static final int FEWEST = 2;

  /** Each is a thread of the driver that plans, lists files and writes a manifest. */
  private static final int MOST = 64;

  private WavePool() {}

  /**
   * How many waves to run at a time.
   *
   * @param waveSeconds of one core, about
   */
  public static int atOnce(int cores, double waveSeconds) {
    double enough = Math.ceil(cores * SECONDS / waveSeconds);
    return (int) Math.max(FEWEST, Math.min(MOST, enough));
  }

  /**
   * Runs waves, begun in order.
   *
   * @param wave computes and commits the one of this number
   * @throws RuntimeException what the first that failed threw; waves that ran then have ended, and
   *     no other was begun
   */
  public static void run(int[] waves, int atOnce, IntConsumer wave) {
    var failed = new AtomicBoolean();
    var pool = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int number : waves) {
        all.add(pool.submit(() -> run(number, failed, wave)));
      }
      var failures = all.stream().flatMap(future -> failure(future).stream()).toList();
      if (!failures.isEmpty()) {
        throw failures.get(0) instanceof RuntimeException first
            ? first
            : new CompletionException(failures.get(0));
      }
    } finally {
      failed.set(true);
      pool.shutdown();
    }
  }

  private static void run(int number, AtomicBoolean failed, IntConsumer wave) {
    if (failed.get()) {
      return;
    }
    try {
      wave.accept(number);
    } catch (RuntimeException | Error e) {
      failed.set(true);
      throw e;
    }
  }

  /** What a wave threw, once it has ended. */
  private static Optional<Throwable> failure(Future<?> wave) {
    try {
      wave.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waves ran", e);
    }
  }
}
