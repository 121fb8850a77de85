package org.bitquake.jobs.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.bitquake.jobs.store.WavePool;

/** Pieces of work that do not wait for each other, on all processors of the driver. */
final class AtOnce {
  /** A question keeps more than one processor busy, and Spark's own threads want some too. */
  private static final int MOST = 8;

  private AtOnce() {}

  /**
   * Does all of them.
   *
   * @return what they found, in their order
   * @throws IOException what the first that failed threw, as unchecked exceptions are; none is
   *     running then, and no other was begun
   */
  static <T> List<T> all(List<? extends Callable<T>> pieces) throws IOException {
    int threads = Math.min(MOST, Runtime.getRuntime().availableProcessors());
    int[] all = IntStream.range(0, pieces.size()).toArray();
    @SuppressWarnings("unchecked")
    T[] found = (T[]) new Object[all.length];
    try {
      WavePool.run(all, threads, piece -> found[piece] = call(pieces.get(piece)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return Arrays.asList(found);
  }

  private static <T> T call(Callable<T> piece) {
    try {
      return piece.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) { // Callable declares them all
      throw new CompletionException(e);
    }
  }
}
