package org.bitquake.jobs.cnvlutin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.config.CnvlutinConfig.Energy;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.Identity;
import org.bitquake.jobs.store.WavePlan;

/**
 * A simulation with everything it needs in memory, checked: from here on nothing the user wrote can
 * be wrong.
 *
 * @param networks at least one, in the order of the configuration
 * @param images of the data set, from the first
 * @param perImage whether the table of slices has a row for each image
 * @param kinds of faults; none without faults
 * @param maps of each kind × rate; 0 without faults
 */
record Simulation(
    String name,
    long seed,
    List<CampaignNetwork> networks,
    Dataset dataset,
    int images,
    Accelerator accelerator,
    Optional<Energy> energy,
    boolean perImage,
    List<MemoryModel> kinds,
    List<Double> rates,
    int maps,
    Encoding encoding) {
  /** Raised whenever the same inputs would give other rows, or other columns. */
  private static final int ROW_FORMAT = 2;

  /** How much longer a multiply-accumulate takes than in a campaign, about. */
  private static final int SLOWER = 10;

  WavePlan waves() {
    var plan = SimulationPlan.of(this);
    int layers =
        networks.stream().mapToInt(n -> n.network().weightLayers().size()).max().orElseThrow();
    return WavePlan.of(plan.units(), layers * (perImage ? plan.slice() : 1), macsPerUnit());
  }

  /** Multiply-accumulates of a campaign that take as long as a unit. */
  long macsPerUnit() {
    long macs = networks.stream().mapToLong(n -> n.network().macs()).max().orElseThrow();
    return SLOWER * macs * SimulationPlan.of(this).slice();
  }

  /** What determines the rows. */
  Identity identity() {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("rowFormat", ROW_FORMAT);
    facts.put("networks", networks.stream().map(CampaignNetwork::facts).toList());
    facts.put("dataset", dataset.name());
    facts.put("datasetSha256", dataset.sha256());
    facts.put("images", images);
    facts.put("accelerator", accelerator.description());
    facts.put("energy", energy.map(Object::toString).orElse("none"));
    facts.put("waves", waves().waves());
    facts.put("detail", perImage ? "image" : "layer");
    if (maps > 0) {
      facts.put("seed", seed);
      facts.put("kinds", kinds.stream().map(MemoryModel::name).toList());
      if (!kinds.stream().allMatch(MemoryModel::isClassic)) {
        facts.put("models", kinds.stream().map(k -> k.text().orElse("")).toList());
      }
      facts.put("rates", rates);
      facts.put("maps", maps);
      facts.put("encoding", encoding.label());
    }
    return Identity.of(facts);
  }
}
