package org.bitquake.jobs.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * A campaign on a cluster, event by event: the driver hands tasks of the waves that run to free
 * cores, those of the wave begun first before all others; when a wave's tasks are done one more for
 * each of its files sorts the rows, then a thread of the driver commits it and begins the next
 * wave. Tasks take between half and one and a half of their mean, as on machines that are not
 * alike.
 */
final class ClusterSimulation {
  private final Scaling scaling;
  private final Work work;
  private final Scaling.Cut cut;
  private final UniformRandomProvider random = RandomSource.XO_SHI_RO_256_PP.create(7L);
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<Deque<Double>> waiting = new ArrayList<>(); // of each wave: its tasks' seconds
  private final int[] left; // tasks of each wave that have not ended
  private final boolean[] sorting;
  private final int waves;
  private int free;
  private int begun;
  private int firstOpen;
  private double driverFree;
  private double now;

  /** The end of a task of a wave, or of its commit. */
  private record Event(double time, int wave, boolean commit) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return Double.compare(time, other.time);
    }
  }

  private ClusterSimulation(Scaling scaling, Work work, Scaling.Cut cut, int cores) {
    this.scaling = scaling;
    this.work = work;
    this.cut = cut;
    this.waves = cut.waves();
    this.left = new int[waves];
    this.sorting = new boolean[waves];
    this.free = cores;
  }

  /** Seconds by the clock on the wall. */
  static double seconds(Scaling scaling, Work work, Scaling.Cut cut, int cores) {
    return scaling.start() + new ClusterSimulation(scaling, work, cut, cores).run();
  }

  private double run() {
    for (int i = 0; i < cut.atOnce() && begun < waves; i++) {
      begin();
    }
    handOut();
    while (!events.isEmpty()) {
      var event = events.poll();
      now = event.time;
      if (event.commit) {
        if (begun < waves) {
          begin();
        }
      } else {
        free++;
        taskEnded(event.wave);
      }
      handOut();
    }
    return now;
  }

  private void begin() {
    var tasks = new ArrayDeque<Double>();
    double mean = work.seconds() / waves / cut.tasks();
    for (int i = 0; i < cut.tasks(); i++) {
      tasks.add(mean * (0.5 + random.nextDouble()) + scaling.task());
    }
    waiting.add(tasks);
    left[begun++] = tasks.size();
  }

  private void taskEnded(int wave) {
    left[wave]--;
    if (left[wave] == 0 && sorting[wave]) {
      events.add(new Event(now + scaling.wave(), wave, true));
    } else if (left[wave] == 0) {
      sorting[wave] = true;
      double rows = (double) work.trials() / waves;
      left[wave] = (int) Math.max(1, Math.ceil(rows / 1e6)); // files
      for (int file = 0; file < left[wave]; file++) {
        waiting.get(wave).add(rows / left[wave] * scaling.row());
      }
      firstOpen = Math.min(firstOpen, wave);
    }
  }

  private void handOut() {
    for (int wave = firstOpen; wave < begun && free > 0; wave++) {
      var tasks = waiting.get(wave);
      while (free > 0 && !tasks.isEmpty()) {
        driverFree = Math.max(now, driverFree) + scaling.dispatch();
        events.add(new Event(driverFree + tasks.poll(), wave, false));
        free--;
      }
      if (wave == firstOpen && tasks.isEmpty()) {
        firstOpen++;
      }
    }
  }
}
