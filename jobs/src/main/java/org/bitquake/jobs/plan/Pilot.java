package org.bitquake.jobs.plan;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.engine.Engines;
import org.bitquake.fault.ImageSampler;
import org.bitquake.jobs.campaign.Campaign;
import org.bitquake.jobs.console.Progress;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.EngineSource;
import org.bitquake.jobs.trial.Trial;
import org.bitquake.jobs.trial.TrialRunner;
import org.bitquake.jobs.trial.Wave;
import org.bitquake.jobs.trial.Workbench;
import org.bitquake.stats.DifferenceTally;

/**
 * Runs the first trials of a campaign here and now, to see how much they vary and how long they
 * take. Small networks get {@link #TRIALS} trials of {@link #IMAGES} images in each cell, slow ones
 * as many as the time allows. What the trials yield depends on their numbers alone, but how many
 * there are, and how long they take, on the machine.
 */
final class Pilot {
  /** Trials of each cell. */
  static final int TRIALS = 60;

  /** Images of each trial. */
  static final int IMAGES = 64;

  private static final int LEAST_TRIALS = 4;
  private static final int LEAST_IMAGES = 8;

  /** The part of the time in which the compiler gets to know the code; not timed. */
  private static final double WARM_UP = 0.25;

  /** The part of a network's time in which its speed is looked at. */
  private static final double SIZING = 0.05;

  private final Campaign campaign;
  private final Workbench bench;
  private final TimedEngine.Clock clock;
  private final int cellsPerNetwork;
  private final GoldenImages golden;

  /** A cell so far; trials whose faults changed nothing run no image and are timed apart. */
  private static final class Observed {
    DifferenceTally tally;
    final Stopwatch images = new Stopwatch();
    final Stopwatch preparation = new Stopwatch();
    final Stopwatch idle = new Stopwatch();

    Observed(int images) {
      tally = DifferenceTally.empty(images);
    }

    TrialCost cost() {
      double trials = Math.max(1, images.count() + idle.count());
      double share = images.count() / trials;
      return new TrialCost(
          share * preparation.settled() + (1 - share) * idle.settled(), share * images.settled());
    }
  }

  private Pilot(Campaign campaign, Workbench bench, TimedEngine.Clock clock) {
    this.campaign = campaign;
    this.bench = bench;
    this.clock = clock;
    this.cellsPerNetwork = campaign.kinds().size() * campaign.rates().size();
    this.golden = new GoldenImages(bench, campaign.networks().size());
  }

  /**
   * Runs a pilot.
   *
   * @param seconds about how long it may take; a very slow network may take longer
   * @return a result for each cell, in order, of at least two trials of at least two images each
   * @throws InputException if the data set has but one image
   */
  static List<PilotCell> run(Campaign campaign, double seconds) {
    var data = campaign.dataset();
    if (data.size() < 2) {
      throw new InputException(
          Text.of(
              "%s has one image, which tells nothing of the spread over images; take a data set of more",
              data.name()));
    }
    byte[][] files =
        campaign.networks().stream().map(CampaignNetwork::bytes).toArray(byte[][]::new);
    byte[][] images = {data.pixels(), data.labels()};
    var clock = new TimedEngine.Clock();
    EngineSource engines = network -> new TimedEngine(Engines.prepare(network), clock);
    try (var bench = new Workbench(campaign.trialPlan(), files, images, engines)) {
      return new Pilot(campaign, bench, clock).run((long) (1e9 * seconds));
    }
  }

  private List<PilotCell> run(long nanos) {
    long end = System.nanoTime() + nanos;
    int networks = campaign.networks().size();
    List<PilotCell> results = new ArrayList<>();
    try (var progress = Progress.start("pilot trials", (long) TRIALS * campaign.cells())) {
      trials(0, images(0, (long) (nanos * SIZING)), (long) (nanos * WARM_UP), done -> {});
      for (int network = 0; network < networks; network++) {
        long share = Math.max(0, end - System.nanoTime()) / (networks - network);
        int images = images(network, (long) (share * SIZING));
        long before = (long) network * TRIALS;
        var cells =
            trials(
                network, images, share, done -> progress.update((before + done) * cellsPerNetwork));
        bench.discard(network);
        for (var its : cells) {
          results.add(new PilotCell(results.size(), its.tally, its.cost()));
        }
      }
    }
    return List.copyOf(results);
  }

  /** Told the trial numbers done. */
  private interface Done {
    void at(int numbers);
  }

  /** As many images as leave time for all trials. */
  private int images(int network, long nanos) {
    double perImage = golden.nanosPerImage(network, nanos);
    double affordable = nanos / SIZING / perImage / TRIALS / cellsPerNetwork;
    int wanted = (int) Math.max(LEAST_IMAGES, Math.min(IMAGES, affordable));
    return Math.min(wanted, campaign.dataset().size());
  }

  private List<Observed> trials(int network, int images, long nanos, Done done) {
    long start = System.nanoTime();
    var wave = Wave.of(campaign.cells(), 0, TRIALS, images);
    var runner = new TrialRunner(bench, golden.marks(), wave);
    var sampler = new ImageSampler(campaign.seed(), campaign.dataset().size(), images);
    List<Observed> cells = new ArrayList<>();
    for (int i = 0; i < cellsPerNetwork; i++) {
      cells.add(new Observed(images));
    }
    for (int number = 0; number < TRIALS; number++) {
      if (System.nanoTime() - start > nanos && number >= LEAST_TRIALS) {
        break;
      }
      golden.need(network, sampler.draw(number));
      for (int i = 0; i < cellsPerNetwork; i++) {
        observe(runner, number, network, network * cellsPerNetwork + i, cells.get(i));
      }
      done.at(number + 1);
    }
    return cells;
  }

  private void observe(TrialRunner runner, long number, int network, int cell, Observed its) {
    long imagesBefore = clock.nanos();
    long start = Stopwatch.now();
    var trial = runner.run(number, network, cell);
    double all = (double) (Stopwatch.now() - start);
    double ofImages = (double) (clock.nanos() - imagesBefore);
    if (trial.error().isPresent()) {
      throw new IllegalStateException(
          Text.of(
              "trial %d of network %s failed: %s",
              number, campaign.networks().get(network).name(), trial.error().get()));
    }
    its.tally = its.tally.merge(tally(trial));
    if (trial.kind().isOfWeights() && trial.tally().changedWeights() == 0) {
      its.idle.add(all);
    } else {
      its.images.add(ofImages / trial.images());
      its.preparation.add(all - ofImages);
    }
  }

  private static DifferenceTally tally(Trial trial) {
    return DifferenceTally.of(
        trial.images(),
        trial.score().correct().orElseThrow(),
        trial.score().goldenCorrect(),
        trial.score().changed().orElseThrow(),
        trial.tally().faultyCells());
  }
}
