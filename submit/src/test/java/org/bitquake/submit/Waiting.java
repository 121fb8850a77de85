package org.bitquake.submit;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for another process. */
public final class Waiting {
  private static final long LIMIT_SECONDS = 120;
  private static final long POLL_MILLIS = 50;

  private Waiting() {}

  /** Waits until {@code condition} holds; after two minutes it fails and says {@code why}. */
  public static void until(BooleanSupplier condition, Supplier<String> why) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(why.get());
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
