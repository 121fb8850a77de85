package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.jobs.trial.Wave;
import org.bitquake.stats.CellEstimate;
import org.bitquake.stats.ImageDesign;
import org.bitquake.stats.SequentialDesign;
import org.bitquake.stats.VarianceComponents;

/**
 * Plans waves from the results so far: first {@link SequentialDesign#LEAST_TRIALS} trials of every
 * cell; then, where asked to, the number of images that costs each cell least; then trials where
 * they are needed, until every interval is narrow enough or the cell has as many as it may.
 *
 * <p>A plan is a function of the committed trials alone, so a campaign that was killed goes on as
 * if it had not been.
 *
 * @param goldenCorrect images of the whole data set that each network gets right
 */
record AdaptiveSchedule(Campaign campaign, int[] goldenCorrect) {
  /** Half-width of an accuracy that trials say nothing of. */
  private static final double UNKNOWN = 1;

  List<CellState> start() {
    List<CellState> states = new ArrayList<>();
    for (int cell = 0; cell < campaign.cells(); cell++) {
      states.add(CellState.empty(campaign.images()));
    }
    return states;
  }

  /** The next wave; empty when there is nothing left to do. */
  Optional<Wave> next(List<CellState> states) {
    int cells = campaign.cells();
    long[] from = new long[cells];
    long[] to = new long[cells];
    int[] images = new int[cells];
    double macs = 0;
    double macsDone = 0;
    double rowsDone = 0;
    double rows = 0;
    for (int cell = 0; cell < cells; cell++) {
      var state = states.get(cell);
      from[cell] = state.done();
      to[cell] = wanted(cell, state);
      images[cell] = images(cell, state);
      long more = to[cell] - from[cell];
      rows += more;
      double macsPerTrial = (double) images[cell] * network(cell).network().macs();
      macs += more * macsPerTrial;
      macsDone += from[cell] * macsPerTrial;
      rowsDone += from[cell];
    }
    if (rows == 0) {
      return Optional.empty();
    }
    double share = WavePlan.share(macs, rows, macsDone, rowsDone);
    for (int cell = 0; cell < cells; cell++) {
      to[cell] = from[cell] + (long) Math.ceil((to[cell] - from[cell]) * share);
    }
    return Optional.of(new Wave(from, to, images));
  }

  /** Remembers the tally that the number of images is chosen from, once it is complete. */
  CellState afterWave(CellState state) {
    return state.pilot() == null && state.done() >= pilot() ? state.withPilot() : state;
  }

  /** About how many rows there will be in all. */
  long expectedRows(List<CellState> states) {
    long rows = 0;
    for (int cell = 0; cell < states.size(); cell++) {
      rows += Math.max(states.get(cell).done(), wanted(cell, states.get(cell)));
    }
    return rows;
  }

  /** How far the campaign is: the widest half-width there is so far, and the cells at work. */
  Map<String, Double> gauges(List<CellState> states) {
    double widest = 0;
    int open = 0;
    for (int cell = 0; cell < states.size(); cell++) {
      var state = states.get(cell);
      open += wanted(cell, state) > state.done() ? 1 : 0;
      if (state.done() >= pilot()) {
        widest = Math.max(widest, estimate(cell, state).halfWidth().orElse(UNKNOWN));
      }
    }
    return Map.of("widest half-width", widest, "open cells", (double) open);
  }

  private long pilot() {
    return Math.min(SequentialDesign.LEAST_TRIALS, campaign.trials());
  }

  private long wanted(int cell, CellState state) {
    if (state.done() < pilot()) {
      return pilot();
    }
    return campaign
        .halfWidth()
        .map(
            h ->
                new SequentialDesign(h, campaign.trials())
                    .next(estimate(cell, state), state.done()))
        .orElse(campaign.isExact(cell) ? state.done() : campaign.trials());
  }

  private CellEstimate estimate(int cell, CellState state) {
    int golden = goldenCorrect[campaign.cell(cell).network()];
    int population = campaign.dataset().size();
    return CellEstimate.of(
        state.tally(), golden, population, !campaign.isExact(cell), campaign.confidence());
  }

  private int images(int cell, CellState state) {
    if (!campaign.autoImages() || state.pilot() == null || state.pilot().trials() < 2) {
      return campaign.images();
    }
    var network = network(cell).network();
    int population = campaign.dataset().size();
    double faults = campaign.cell(cell).rate() * network(cell).cells();
    return ImageDesign.of(network.macs(), network.weightCount(), faults)
        .best(VarianceComponents.cautious(state.pilot(), population), population);
  }

  private CampaignNetwork network(int cell) {
    return campaign.networks().get(campaign.cell(cell).network());
  }
}
