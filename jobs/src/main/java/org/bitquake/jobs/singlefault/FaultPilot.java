package org.bitquake.jobs.singlefault;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bitquake.engine.Engines;
import org.bitquake.fault.SingleFault;
import org.bitquake.singlefault.SingleFaultRunner;

/** Runs some faults of a campaign here, to see how long one takes. */
public final class FaultPilot {
  private static final int BATCH = 1024;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private FaultPilot() {}

  /**
   * Tries faults spread over all strata, batch after batch, until the compiler is done or the time
   * is up; at least one batch of each network.
   *
   * @param seconds about how long to do so
   * @return CPU seconds of a fault, for each network
   */
  public static List<Double> secondsPerFault(SingleFaultCampaign campaign, double seconds) {
    byte[][] images = campaign.pixelsAndLabels();
    List<Double> costs = new ArrayList<>();
    for (int network = 0; network < campaign.networks().size(); network++) {
      costs.add(cost(campaign, network, images, seconds / campaign.networks().size()));
    }
    return costs;
  }

  private static double cost(
      SingleFaultCampaign campaign, int index, byte[][] images, double seconds) {
    var network = campaign.networks().get(index).network();
    long end = System.nanoTime() + (long) (seconds * 1e9);
    double best = Double.POSITIVE_INFINITY;
    try (var runner =
        new SingleFaultRunner(
            network,
            campaign.kind(),
            campaign.encoding(),
            images[0],
            images[1],
            () -> Engines.prepare(network))) {
      runner.goldenCorrect();
      var faults = batch(campaign, index);
      do {
        long start = THREADS.getCurrentThreadCpuTime();
        runner.run(faults);
        best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1e9 / faults.size());
      } while (System.nanoTime() < end);
    }
    return best;
  }

  private static List<SingleFault> batch(SingleFaultCampaign campaign, int network) {
    var sampler = campaign.sampler(network);
    long count = Math.min(BATCH, sampler.count());
    return LongStream.range(0, count)
        .mapToObj(i -> sampler.fault((long) ((i + 0.5) / count * sampler.count())))
        .toList();
  }
}
