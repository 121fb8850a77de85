package org.bitquake.jobs.plan;

import org.bitquake.jobs.store.WavePool;

/**
 * How long work takes on many cores: what else costs time than trials, and what of it the driver
 * does alone. All in seconds.
 *
 * <p>A campaign is cut into waves ({@code WavePlan}) and these into tasks. With several waves at a
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

  private static final double WAVE_SECONDS = 10;
  private static final double WAVE_ROWS = 500_000;
  private static final double MANY_WAVES = 1000;
  private static final double TASK_SECONDS = 0.5;
  private static final double FEW_TASKS = 4;
  private static final double TASKS_PER_CORE = 3;
  private static final double GROWTH = 0.25;

  /**
   * How work is cut.
   *
   * @param waves how many
   * @param atOnce waves at a time
   * @param tasks of each
   */
  record Cut(double waves, int atOnce, double tasks) {}

  /** As a campaign of a fixed number of trials cuts itself. */
  static Cut fixed(Work work, int cores) {
    double byWork = Math.min(work.seconds() / WAVE_SECONDS, MANY_WAVES);
    double waves = Math.max(2, Math.ceil(Math.max(byWork, work.trials() / WAVE_ROWS)));
    int atOnce = WavePool.atOnce(cores, work.seconds() / waves);
    return new Cut(waves, atOnce, tasks(work.seconds() / waves, cores, atOnce));
  }

  /** As a campaign that goes on until intervals are narrow cuts itself. */
  static Cut adaptive(Work work, int cores) {
    double waves =
        Math.max(growing(work.seconds(), WAVE_SECONDS), growing((double) work.trials(), WAVE_ROWS));
    waves = Math.max(2, Math.ceil(waves));
    return new Cut(waves, 1, tasks(work.seconds() / waves, cores, 1));
  }

  /** Waves of one size, and then of a part of what is done. */
  private static double growing(double all, double first) {
    double even = first / GROWTH;
    return all <= even ? all / first : 1 / GROWTH + Math.log(all / even) / Math.log1p(GROWTH);
  }

  private static double tasks(double waveSeconds, int cores, int atOnce) {
    double most = TASKS_PER_CORE * cores;
    double worthIt = Math.ceil(waveSeconds / TASK_SECONDS);
    return Math.min(most, Math.max(FEW_TASKS, Math.min(Math.ceil(most / atOnce), worthIt)));
  }

  /** By the clock on the wall. */
  double seconds(Work work, Cut cut, int cores) {
    double files = Math.max(1, Math.ceil(work.trials() / cut.waves() / (2 * WAVE_ROWS)));
    double rows = work.trials() / cut.waves() / files;
    double computing =
        (work.seconds() + cut.waves() * cut.tasks() * task + work.trials() * row) / cores;
    double handingOut = cut.waves() * cut.tasks() * dispatch;
    double alone = rows * row + wave;
    double last = work.seconds() / cut.waves() / cut.tasks() / 2 * (1 - 1.0 / cores);
    return cut.atOnce() == 1
        ? start + Math.max(computing, handingOut) + cut.waves() * (alone + last)
        : start
            + Math.max(Math.max(computing, handingOut), cut.waves() * alone / cut.atOnce())
            + last
            + alone;
  }
}
