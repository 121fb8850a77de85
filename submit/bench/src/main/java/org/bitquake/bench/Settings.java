package org.bitquake.bench;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param rounds times that everything is measured, in turn
 * @param slice CPU time of a measurement in a round
 * @param warmUp CPU time of a measurement before the first round
 * @param longest call that is worth waiting for; slower ones are left out
 * @param peakForks JVMs that JMH starts for a benchmark; 0 for none but this one
 * @param peakIterations JMH's iterations of a slice each
 * @param peer whether the peer, which takes half a minute, is run when nobody asked for it
 */
record Settings(
    int rounds,
    Duration slice,
    Duration warmUp,
    Duration longest,
    int peakForks,
    int peakIterations,
    boolean peer) {
  static final Settings FULL =
      new Settings(
          5, Duration.ofMillis(250), Duration.ofMillis(1000), Duration.ofMillis(2500), 1, 5, true);

  static final Settings QUICK =
      new Settings(
          3, Duration.ofMillis(60), Duration.ofMillis(300), Duration.ofMillis(600), 1, 5, false);
}
