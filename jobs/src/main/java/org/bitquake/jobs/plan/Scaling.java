package org.bitquake.jobs.plan;

import org.bitquake.jobs.config.RunOptions;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.store.WavePool;

/**
 * How long work takes on many cores: what else costs time than trials, and what of it the driver
 * does alone. All in seconds.
 *
 * <p>A campaign is cut into waves ({@link WavePlan}) and these into tasks. With several waves at a
 * time the slowest of three decides: the cores, which compute trials and start tasks; the driver,
 * which hands out one task after the other; the waves, which each end in one task that sorts its
 * rows and in a commit. An adaptive campaign plans each wave from the ones before, so there all
 * three add up.
 *
 * @param start of Spark, the golden run and the tables at the end
 * @param wave to plan and commit one, in one thread of the driver
 * @param task of a core, to start one and the engines in it
 * @param dispatch of a task by the driver
 * @param row to sort and write one
 */
record Scaling(double start, double wave, double task, double dispatch, double row) {
  /** On a two-core machine; see {@code submit/cluster/SCALING.md}. */
  static final Scaling MEASURED = new Scaling(20, 0.5, 0.02, 0.002, 5e-6);

  /**
   * How work is cut.
   *
   * @param waves how many
   * @param atOnce waves at a time
   * @param tasks of each
   */
  record Cut(int waves, int atOnce, int tasks) {}

  /** As a campaign of a fixed number of trials cuts itself. */
  static Cut fixed(Work work, int cores) {
    long macs = (long) (work.seconds() / work.trials() * WavePlan.MACS_PER_SECOND);
    int waves = WavePlan.of(work.trials(), 1, macs).waves();
    return cut(work, waves, WavePool.atOnce(cores, work.seconds() / waves), cores);
  }

  /** As a campaign that goes on until intervals are narrow cuts itself. */
  static Cut adaptive(Work work, int cores) {
    double macs = work.seconds() * WavePlan.MACS_PER_SECOND;
    return cut(work, WavePlan.adaptive(macs, (double) work.trials()), 1, cores);
  }

  private static Cut cut(Work work, int waves, int atOnce, int cores) {
    double macs = work.seconds() / waves * WavePlan.MACS_PER_SECOND;
    int most = RunOptions.TASKS_PER_CORE * cores;
    return new Cut(waves, atOnce, WavePlan.tasks(macs, most, atOnce));
  }

  /** By the clock on the wall. */
  double seconds(Work work, Cut cut, int cores) {
    double rows = (double) work.trials() / cut.waves();
    double rowsOfAFile = rows / WavePlan.files((long) rows);
    double computing =
        (work.seconds() + (double) cut.waves() * cut.tasks() * task + work.trials() * row) / cores;
    double handingOut = (double) cut.waves() * cut.tasks() * dispatch;
    double alone = rowsOfAFile * row + wave;
    double last = work.seconds() / cut.waves() / cut.tasks() / 2 * (1 - 1.0 / cores);
    return cut.atOnce() == 1
        ? start + Math.max(computing, handingOut) + cut.waves() * (alone + last)
        : start
            + Math.max(Math.max(computing, handingOut), cut.waves() * alone / cut.atOnce())
            + last
            + alone;
  }
}
