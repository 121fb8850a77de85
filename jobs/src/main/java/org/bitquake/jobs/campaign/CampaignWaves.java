package org.bitquake.jobs.campaign;

import static org.apache.spark.sql.functions.col;
import static org.bitquake.jobs.campaign.CampaignTables.TRIALS;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Encoders;
import org.bitquake.Text;
import org.bitquake.jobs.monitor.JobMonitor;
import org.bitquake.jobs.store.RowCounter;
import org.bitquake.jobs.store.TableSessions;
import org.bitquake.jobs.store.TableStore;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.store.Waves;
import org.bitquake.jobs.trial.TrialTask;
import org.bitquake.jobs.trial.Wave;

/**
 * The waves of trials of a campaign: each is planned, computed and committed as a part of the table
 * {@code trials}.
 *
 * @param waves their cut and their names
 * @param partitions most tasks at a time; has no influence on the rows
 * @param monitor names what Spark is at
 */
record CampaignWaves(
    TableSessions sessions,
    Campaign campaign,
    TableStore store,
    Waves waves,
    int partitions,
    JobMonitor monitor) {

  /** What the trials of a wave need besides their numbers. */
  @FunctionalInterface
  interface Tasks {
    TrialTask of(Wave wave);
  }

  /**
   * Runs those that are not committed.
   *
   * @param correct images of the whole data set that each network gets right
   * @return rows of trials that there are then
   */
  long run(int[] correct, Tasks tasks, RowCounter counter) {
    return campaign.isAdaptive()
        ? adaptive(new AdaptiveSchedule(campaign, correct), tasks, counter)
        : fixed(tasks, counter);
  }

  private long fixed(Tasks tasks, RowCounter counter) {
    counter.at(store.rows(TRIALS), campaign.rows());
    waves.run(
        sessions.few(),
        store,
        TRIALS,
        index -> {
          var wave =
              Wave.of(campaign.cells(), waves.first(index), waves.end(index), campaign.images());
          commit(index, wave, index + 1 + "/" + waves.count(), tasks, Map.of());
          monitor.committed(index, wave.rows(), Map.of());
        });
    counter.at(campaign.rows(), campaign.rows());
    return campaign.rows();
  }

  /** Each wave is planned from the ones before, whether this run or an earlier one made them. */
  private long adaptive(AdaptiveSchedule schedule, Tasks tasks, RowCounter counter) {
    List<CellState> states = schedule.start();
    long rows = 0;
    var wave = schedule.next(states);
    for (int index = 0; wave.isPresent(); index++) {
      counter.at(rows, schedule.expectedRows(states));
      boolean missing = !store.isCommitted(TRIALS, waves.part(index));
      if (missing) {
        store.checkpoint();
        var gauges = schedule.gauges(states);
        commit(index, wave.get(), Integer.toString(index + 1), tasks, gauges);
      }
      learn(index, states, schedule);
      if (missing) {
        monitor.committed(index, wave.get().rows(), schedule.gauges(states));
      }
      rows += wave.get().rows();
      wave = schedule.next(states);
    }
    counter.at(rows, rows);
    return rows;
  }

  /** Adds what a committed wave found to the states of its cells. */
  private void learn(int index, List<CellState> states, AdaptiveSchedule schedule) {
    var tallies = Tallies.ofCorrect(sessions.read(store, TRIALS, waves.part(index)));
    for (int cell = 0; cell < states.size(); cell++) {
      long more = tallies.rows(campaign, cell);
      if (more > 0) {
        var state = states.get(cell).add(more, tallies.tally(campaign, cell));
        states.set(cell, schedule.afterWave(state));
      }
    }
  }

  /**
   * Computes and commits one wave.
   *
   * @param ofAll its number, of how many if that is known
   * @param gauges how far the campaign was before it
   */
  private void commit(int index, Wave wave, String ofAll, Tasks tasks, Map<String, Double> gauges) {
    var task = tasks.of(wave);
    monitor.step(Text.of("wave %s: %s", ofAll, WaveText.of(campaign, wave)));
    long units = TrialTask.units(task.plan(), wave);
    int cut = WavePlan.tasks(macs(wave), partitions, atOnce());
    var schema = task.plan().schema();
    // Few files a wave, sorted: few to read, and their rows in the same order everywhere.
    var rows =
        sessions
            .of(wave.rows())
            .range(0, units, 1, (int) Math.min(units, cut))
            .mapPartitions(monitor.counted(task, schema, gauges), Encoders.row(schema))
            .repartition(WavePlan.files(wave.rows()), col("trial"))
            .sortWithinPartitions("trial", "network", "kind", "rate");
    var facts =
        Map.of(
            "firstTrial",
            Long.toString(wave.first()),
            "endTrial",
            Long.toString(wave.end()),
            "rows",
            Long.toString(wave.rows()));
    store.commit(TRIALS, waves.part(index), rows, facts);
  }

  /** Waves of an adaptive campaign follow from each other. */
  private int atOnce() {
    return campaign.isAdaptive() ? 1 : waves.atOnce(sessions.few());
  }

  private double macs(Wave wave) {
    return IntStream.range(0, campaign.cells())
        .mapToDouble(
            cell ->
                (double) (wave.to()[cell] - wave.from()[cell])
                    * wave.images()[cell]
                    * campaign.networks().get(campaign.cell(cell).network()).network().macs())
        .sum();
  }
}
