package org.bitquake.jobs.protect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultModel;
import org.bitquake.jobs.config.ProtectConfig;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.Identity;
import org.bitquake.memory.OperatingPoint;
import org.bitquake.network.Convolution;
import org.bitquake.protect.Part;
import org.bitquake.protect.Protection;
import org.bitquake.protect.search.Design;
import org.bitquake.protect.search.DesignSpace;

/**
 * A search with everything it needs in memory, checked.
 *
 * @param networks in the order of the configuration, each searched by itself
 * @param images of a trial
 * @param faults what fails, and in what memory; without a protection
 * @param rate of faulty cells
 * @param point of the memory that the rate is that of, if it was given so
 * @param encodings of each network, the one in use first if it is allowed
 * @param techniques without layers and bits
 * @param mostArea that may be added, as a share of the data cells'
 * @param trials of a design in the search
 * @param mostFresh trials of a finalist
 * @param confidence of all that is confirmed together
 */
public record SearchPlan(
    String name,
    long seed,
    List<CampaignNetwork> networks,
    Dataset dataset,
    int images,
    MemoryModel faults,
    double rate,
    Optional<OperatingPoint> point,
    List<List<Encoding>> encodings,
    List<Part> techniques,
    double mostArea,
    ProtectConfig.Target target,
    long trials,
    long mostFresh,
    double confidence) {
  /** Raised whenever the same inputs would give other rows, columns or steps. */
  private static final int FORMAT = 1;

  private static final String FRESH = " fresh";

  /** What determines the rows. */
  Identity identity() {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("format", FORMAT);
    facts.put("seed", seed);
    facts.put("kinds", List.of(faults.name()));
    facts.put("models", List.of(faults.text().orElse("")));
    facts.put("rates", List.of(rate));
    point.ifPresent(its -> facts.put("voltages", List.of(its.voltage())));
    facts.put(
        "encodings",
        encodings.stream().map(its -> its.stream().map(Encoding::label).toList()).toList());
    facts.put("techniques", techniques.stream().map(Part::toString).toList());
    facts.put("area", mostArea);
    facts.put("target", target.loss().map(its -> "loss " + its).orElseGet(() -> accuracy()));
    facts.put("networks", networks.stream().map(CampaignNetwork::facts).toList());
    facts.put("dataset", dataset.name());
    facts.put("datasetSha256", dataset.sha256());
    facts.put("images", images);
    facts.put("trials", trials);
    facts.put("freshTrials", mostFresh);
    facts.put("confidence", confidence);
    return Identity.of(facts);
  }

  private String accuracy() {
    return "accuracy " + target.accuracy().orElseThrow();
  }

  /** The seed of the fresh trials. */
  long freshSeed() {
    return seed + 1;
  }

  /** What may be chosen for a network. */
  DesignSpace space(int network) {
    var its = networks.get(network);
    var layout =
        faults.layout(CampaignNetwork.weights(its.network()), CampaignNetwork.bits(its.network()));
    return new DesignSpace(
        its.network().weightLayers().stream().map(Convolution::name).toList(),
        layout,
        its.scope(),
        encodings.get(network),
        techniques,
        mostArea);
  }

  /**
   * How the memory fails with a design. Its name is that of the faults, the encoding and the
   * design, so that it is another one for each of them.
   *
   * @param fresh whether in trials that the search did not see
   */
  MemoryModel model(DesignSpace space, Design design, String name, boolean fresh) {
    var protection = space.protection(design, name);
    var its = faults.faults();
    var model =
        new FaultModel(
            kind(design.encoding()) + (fresh ? FRESH : ""),
            its.memory(),
            its.pattern(),
            its.effect());
    return new MemoryModel(
        model,
        faults.storage(),
        Optional.empty(),
        protection.parts().isEmpty() ? Optional.empty() : Optional.of(protection));
  }

  /** What tables call the faults in an encoding. */
  String kind(Encoding encoding) {
    return faults.name() + " " + encoding.label();
  }

  /** The protection of a technique everywhere. */
  static Protection everywhere(Part technique) {
    return new Protection(technique.label(), List.of(technique));
  }
}
