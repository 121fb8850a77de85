package org.bitquake.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/**
 * Something that is timed.
 *
 * @param subject network that it is about
 * @param engine name of the engine, or of the fault model; empty where none takes part
 * @param images images in a call; 0 where no image takes part
 */
record Measurement(Quantity quantity, String subject, String engine, int images, Runnable call) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** What a call does. */
  enum Quantity {
    /** Predicts a batch. */
    PREDICT,
    /** Draws a fault map at 1 %. */
    DRAW,
    /** Restores the weight codes and flips the bits of a fault map. */
    APPLY,
    /** Draws a fault map of a fault model at 1 %, and restores and corrupts the weight codes. */
    FAULTS,
    /** Hands weight codes to an engine. */
    LOAD,
    /** Everything that a trial does: draw, apply, load, predict. */
    TRIAL
  }

  /**
   * Calls in a slice of time.
   *
   * @param cpuSeconds a call, of this thread
   * @param wallSeconds a call
   */
  record Sample(long calls, double cpuSeconds, double wallSeconds) {}

  /** Calls until the slice is full, at least once. */
  Sample sample(Duration slice) {
    long calls = 0;
    long wall = System.nanoTime();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long end = cpu + slice.toNanos();
    long now;
    do {
      call.run();
      calls++;
      now = THREADS.getCurrentThreadCpuTime();
    } while (now < end);
    double each = 1e-9 / calls;
    return new Sample(calls, (now - cpu) * each, (System.nanoTime() - wall) * each);
  }
}
