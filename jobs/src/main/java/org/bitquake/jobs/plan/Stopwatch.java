package org.bitquake.jobs.plan;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** Durations of one kind of step on this thread, in nanoseconds of CPU time. */
final class Stopwatch {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private double[] laps = new double[64];
  private int count;

  /** CPU time of this thread so far. */
  static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  void add(double nanos) {
    if (count == laps.length) {
      laps = Arrays.copyOf(laps, 2 * count);
    }
    laps[count++] = nanos;
  }

  int count() {
    return count;
  }

  /** The median of the later half, when the compiler is done; 0 without any. */
  double settled() {
    if (count == 0) {
      return 0;
    }
    double[] later = Arrays.copyOfRange(laps, count / 2, count);
    Arrays.sort(later);
    int middle = later.length / 2;
    return later.length % 2 == 1 ? later[middle] : (later[middle - 1] + later[middle]) / 2;
  }
}
