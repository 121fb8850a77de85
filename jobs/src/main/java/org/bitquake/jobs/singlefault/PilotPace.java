package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.function.LongFunction;
import org.bitquake.jobs.console.Progress;

/**
 * How far a pilot of single faults is. Each network has one batch of faults, and the same again and
 * again while it has time, so the total is an estimate that follows from the pace.
 */
final class PilotPace implements AutoCloseable {
  private final List<Integer> batches;
  private final Progress progress;
  private int network;
  private long before;
  private long pairs;
  private long faults;

  /**
   * @param batches faults in the batch of each network
   * @param progress is made for so many faults
   */
  PilotPace(List<Integer> batches, LongFunction<Progress> progress) {
    this.batches = List.copyOf(batches);
    this.progress = progress.apply(batches.stream().mapToLong(n -> n).sum());
  }

  /**
   * Says that more is known of the network at hand.
   *
   * @param morePairs pairs of a fault and an image
   * @param images that make up a fault
   * @param time the part of the network's time that is over; above 1 when it is
   */
  void advance(int morePairs, int images, double time) {
    pairs += morePairs;
    faults = pairs / images;
    double untilTime = (double) faults / Math.min(1, time);
    long repeats = Math.max(1, (long) Math.ceil(untilTime / batches.get(network)));
    progress.update(before + faults, before + repeats * ahead());
  }

  /** The network at hand is done. */
  void nextNetwork() {
    network++;
    before += faults;
    pairs = 0;
    faults = 0;
    progress.update(before, before + ahead());
  }

  /** Faults in one batch of the network at hand and of each one after it. */
  private long ahead() {
    return batches.stream().skip(network).mapToLong(n -> n).sum();
  }

  @Override
  public void close() {
    progress.close();
  }
}
