package org.bitquake.jobs.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Pieces of work that do not wait for each other, on all processors of the driver. */
public final class AtOnce {
  /** A question keeps more than one processor busy, and Spark's own threads want some too. */
  private static final int MOST = 8;

  private AtOnce() {}

  /**
   * Does all of them.
   *
   * @return what they found, in their order
   * @throws IOException what the first that failed threw, as unchecked exceptions are; none is
   *     running then
   */
  public static <T> List<T> all(List<? extends Callable<T>> pieces) throws IOException {
    int threads = Math.min(MOST, Runtime.getRuntime().availableProcessors());
    var pool = Executors.newFixedThreadPool(threads);
    try {
      List<T> found = new ArrayList<>();
      for (Future<T> piece : pool.invokeAll(pieces)) {
        found.add(piece.get());
      }
      return found;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException first) {
        throw first;
      }
      throw e.getCause() instanceof RuntimeException first
          ? first
          : new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while pieces of work were done", e);
    } finally {
      pool.shutdownNow();
    }
  }
}
