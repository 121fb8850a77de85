package org.bitquake.jobs.singlefault;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.bitquake.engine.Engines;
import org.bitquake.fault.SingleFault;
import org.bitquake.jobs.console.Progress;
import org.bitquake.singlefault.SingleFaultRunner;

/**
 * Runs some faults of a campaign here, to see how long one takes, and says on standard error how
 * far it is: a batch takes a wide network minutes.
 */
public final class FaultPilot {
  private static final int BATCH = 1024;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final SingleFaultCampaign campaign;
  private final byte[][] images;
  private final long nanosPerNetwork;

  private FaultPilot(SingleFaultCampaign campaign, double seconds) {
    this.campaign = campaign;
    this.images = campaign.pixelsAndLabels();
    this.nanosPerNetwork = (long) (1e9 * seconds / campaign.networks().size());
  }

  /**
   * Tries faults spread over all strata, batch after batch, until the compiler is done or the time
   * is up; at least one batch of each network.
   *
   * @param seconds about how long to do so
   * @return CPU seconds of a fault, for each network; under all protections together
   */
  public static List<Double> secondsPerFault(SingleFaultCampaign campaign, double seconds) {
    return secondsPerFault(campaign, seconds, total -> Progress.start("pilot faults", total));
  }

  /** The same with another progress, which is made for so many faults. */
  static List<Double> secondsPerFault(
      SingleFaultCampaign campaign, double seconds, LongFunction<Progress> progress) {
    var pilot = new FaultPilot(campaign, seconds);
    List<List<SingleFault>> batches = new ArrayList<>();
    for (int network = 0; network < campaign.networks().size(); network++) {
      batches.add(pilot.batch(network));
    }
    List<Double> costs = new ArrayList<>();
    try (var pace = new PilotPace(batches.stream().map(List::size).toList(), progress)) {
      for (int network = 0; network < batches.size(); network++) {
        costs.add(pilot.cost(network, batches.get(network), pace));
      }
    }
    return costs;
  }

  private double cost(int index, List<SingleFault> faults, PilotPace pace) {
    double seconds = 0;
    var variants = campaign.variants(index);
    for (int i = 0; i < variants.size(); i++) {
      seconds += cost(index, variants.get(i), faults, new Span(i, variants.size()), pace);
    }
    pace.nextNetwork();
    return seconds;
  }

  /** The part of a network's time that one of its protections has. */
  private final class Span {
    private final long begin = System.nanoTime();
    private final int position;
    private final int count;

    Span(int position, int count) {
      this.position = position;
      this.count = count;
    }

    /** How much of it is over. */
    double over() {
      return (double) (System.nanoTime() - begin) * count / Math.max(1.0, (double) nanosPerNetwork);
    }

    /** How much of the network's time is over. */
    double ofNetwork() {
      return (position + Math.min(1, over())) / count;
    }
  }

  private double cost(
      int index, Events events, List<SingleFault> faults, Span span, PilotPace pace) {
    var network = campaign.networks().get(index).network();
    double best = Double.POSITIVE_INFINITY;
    try (var runner =
        new SingleFaultRunner(
            network,
            events.reads(network, campaign.kind(), campaign.encoding()),
            images[0],
            images[1],
            () -> Engines.prepare(network))) {
      runner.goldenCorrect();
      do {
        long start = THREADS.getCurrentThreadCpuTime();
        runner.run(faults, pairs -> pace.advance(pairs, images[1].length, span.ofNetwork()));
        best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1e9 / faults.size());
      } while (span.over() < 1);
    }
    return best;
  }

  private List<SingleFault> batch(int network) {
    var sampler = campaign.sampler(network);
    long count = Math.min(BATCH, sampler.count());
    return LongStream.range(0, count)
        .mapToObj(i -> sampler.fault((long) ((i + 0.5) / count * sampler.count())))
        .toList();
  }
}
