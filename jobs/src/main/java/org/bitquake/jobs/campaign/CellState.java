package org.bitquake.jobs.campaign;

import org.bitquake.stats.DifferenceTally;

/**
 * What is known of a cell after some waves.
 *
 * @param done trial numbers run, failed ones too
 * @param tally of their results
 * @param pilot the tally as it was when the number of images was chosen; null before
 */
record CellState(long done, DifferenceTally tally, DifferenceTally pilot) {
  static CellState empty(int images) {
    return new CellState(0, DifferenceTally.empty(images), null);
  }

  /** After more trials, perhaps of another number of images. */
  CellState add(long more, DifferenceTally its) {
    return new CellState(done + more, merge(tally, its), pilot);
  }

  CellState withPilot() {
    return new CellState(done, tally, tally);
  }

  /** Trials of n and of m images, as trials of the least common multiple. */
  static DifferenceTally merge(DifferenceTally a, DifferenceTally b) {
    if (a.trials() + a.failedTrials() == 0) {
      return b;
    }
    int common = Math.toIntExact((long) a.images() / gcd(a.images(), b.images()) * b.images());
    return a.scaled(common / a.images()).merge(b.scaled(common / b.images()));
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
