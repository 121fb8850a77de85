package org.bitquake.jobs.campaign;

import java.util.List;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;

/**
 * A campaign with everything it needs in memory, checked: from here on nothing the user wrote can
 * be wrong.
 *
 * @param networks in the order of the configuration, at least one
 * @param dataset the labelled images
 * @param images of the data set that each trial looks at
 * @param trials of each network × kind × rate
 * @param confidence level of the intervals
 */
record Campaign(
    String name,
    long seed,
    List<CampaignNetwork> networks,
    Dataset dataset,
    int images,
    List<FaultKind> kinds,
    List<Double> rates,
    Encoding encoding,
    long trials,
    double confidence) {

  /** Rows of one trial number: a row for each network × kind × rate. */
  int rowsPerTrial() {
    return networks.size() * kinds.size() * rates.size();
  }

  /** Rows of the whole campaign. */
  long rows() {
    return Math.multiplyExact(trials, rowsPerTrial());
  }

  /** Multiply-accumulates of all network runs of one trial number. */
  long macsPerTrial() {
    long runs = kinds.size() * rates.stream().filter(rate -> rate > 0).count();
    long perImage = networks.stream().mapToLong(n -> n.network().macs()).sum();
    return Math.multiplyExact(Math.multiplyExact(perImage, runs), images);
  }

  WavePlan waves() {
    return WavePlan.of(trials, rowsPerTrial(), macsPerTrial());
  }
}
