package org.bitquake.jobs.plan;

/**
 * What trials amount to.
 *
 * @param trials how many
 * @param images of all of them together
 * @param seconds CPU time of one core of this machine
 */
record Work(long trials, long images, double seconds) {
  static final Work NONE = new Work(0, 0, 0);

  static Work of(long trials, long images, TrialCost cost) {
    return new Work(trials, images, cost.seconds(trials, images));
  }

  Work plus(Work other) {
    return new Work(
        Math.addExact(trials, other.trials),
        Math.addExact(images, other.images),
        seconds + other.seconds);
  }
}
