package org.bitquake.jobs.singlefault;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.bitquake.data.Dataset;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultScope;
import org.bitquake.fault.FaultStratum;
import org.bitquake.fault.SingleFaultSampler;
import org.bitquake.fault.Stratification;
import org.bitquake.jobs.config.ProtectionSource;
import org.bitquake.jobs.config.RecordedEvent;
import org.bitquake.jobs.injection.CampaignNetwork;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.jobs.store.Identity;
import org.bitquake.jobs.store.WavePlan;
import org.bitquake.memory.Storage;
import org.bitquake.protect.Protection;
import org.bitquake.stats.SampleSize;

/**
 * A campaign of single faults with everything it needs in memory, checked. Its faults are numbered
 * network after network, and within a network protection after protection, which all have the same
 * ones.
 *
 * @param networks in the order of the configuration
 * @param dataset the labelled images
 * @param images of the data set that each fault is tried on
 * @param event what fails together
 * @param storage the form of the memory, which single cells without protections do not depend on
 * @param protections of the memory, {@code none} perhaps among them; empty where there are none
 * @param size of the sample of each stratum; empty to try all
 * @param confidence level of the intervals
 */
public record SingleFaultCampaign(
    String name,
    long seed,
    List<CampaignNetwork> networks,
    Dataset dataset,
    int images,
    FaultKind kind,
    FaultEvent event,
    Storage storage,
    List<Protection> protections,
    Encoding encoding,
    Stratification per,
    Optional<SampleSize> size,
    double confidence) {
  /** Raised whenever the same inputs would give other rows, or other columns. */
  private static final int ROW_FORMAT = 1;

  /**
   * How many multiply-accumulates of a whole run cost what following a fault of one weight does,
   * about: so waves take the seconds that they should.
   */
  private static final int SAVING = 16;

  /** Faults of a task, so that tracing every image for it costs less than it saves. */
  private static final long TRACED = 512;

  /** The strata of a network. */
  public List<FaultStratum> strata(int network) {
    var its = networks.get(network);
    int[] weights = CampaignNetwork.weights(its.network());
    int[] bits = CampaignNetwork.bits(its.network());
    LongUnaryOperator sample = population -> size.map(s -> s.of(population)).orElse(population);
    return events(network)
        .places(its.network())
        .map(places -> FaultStratum.of(per, bits, places::count, sample))
        .orElseGet(() -> FaultStratum.of(per, weights, bits, its.scope(), sample));
  }

  /** What fails together in a network, protection or not. */
  Events events(int network) {
    return Events.of(
        event,
        storage,
        networks.get(network).scope(),
        protections.isEmpty() ? Optional.empty() : Optional.of(Protection.NONE));
  }

  /** The same under each protection; once where there are none. */
  List<Events> variants(int network) {
    var plain = events(network);
    return protections.isEmpty() ? List.of(plain) : protections.stream().map(plain::with).toList();
  }

  /** The memories that a network's faults are in, one for each protection. */
  List<MemoryModel> models(int network) {
    return variants(network).stream().map(its -> its.model(kind)).toList();
  }

  /** How often each fault is injected: once under each protection. */
  public int times() {
    return Math.max(1, protections.size());
  }

  /** What a fault is, in words: {@code bit-flip}, {@code bit-flip of a row}. */
  public String title() {
    return event.equals(FaultEvent.CELL) ? kind.label() : kind.label() + " of a " + event.label();
  }

  /** Faults of a network, under one protection. */
  public long faults(int network) {
    return strata(network).stream().mapToLong(FaultStratum::injected).sum();
  }

  /** Faults of all networks, under all protections. */
  public long faults() {
    long faults = 0;
    for (int network = 0; network < networks.size(); network++) {
      faults = Math.addExact(faults, Math.multiplyExact(faults(network), (long) times()));
    }
    return faults;
  }

  /** What faults are drawn from, in a word. */
  public String places() {
    return event.equals(FaultEvent.CELL) ? "cells" : "events";
  }

  SingleFaultSampler sampler(int network) {
    return events(network)
        .places(networks.get(network).network())
        .map(places -> new SingleFaultSampler(seed, strata(network), places))
        .orElseGet(() -> new SingleFaultSampler(seed, strata(network)));
  }

  /** Pixels and labels of the chosen images, in the order in which they were drawn. */
  byte[][] pixelsAndLabels() {
    return ChosenImages.pixelsAndLabels(dataset, ChosenImages.draw(seed, dataset, images));
  }

  /** Waves with enough faults for traces of the golden run, where there are so many. */
  WavePlan waves() {
    var byWork = WavePlan.of(faults(), 1, macsPerFault());
    if (!event.equals(FaultEvent.CELL)) {
      return byWork;
    }
    long most = Math.max(2, faults() / (WavePlan.FEW_TASKS * TRACED));
    return new WavePlan(faults(), (int) Math.min(byWork.waves(), most));
  }

  /**
   * Into how many tasks to cut a wave: no more than share traces with enough faults each.
   *
   * @param most how many it may be
   * @param faults of the wave
   */
  int tasks(int most, long faults) {
    return event.equals(FaultEvent.CELL)
        ? (int) Math.min(most, Math.max(WavePlan.FEW_TASKS, faults / TRACED))
        : most;
  }

  /** Multiply-accumulates of whole runs that take as long as a fault. */
  long macsPerFault() {
    double macs = 0;
    for (int network = 0; network < networks.size(); network++) {
      macs += (double) faults(network) * times() * networks.get(network).network().macs() * images;
    }
    return (long) (macs / faults() / (event.equals(FaultEvent.CELL) ? SAVING : 1));
  }

  /** What determines the rows. */
  Identity identity() {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("rowFormat", ROW_FORMAT);
    facts.put("seed", seed);
    facts.put("kind", "single-" + kind.label());
    if (!events(0).arePlain()) {
      facts.put("event", RecordedEvent.of(event, storage, FaultScope.ALL, Optional.empty()).json());
    }
    if (!protections.isEmpty()) {
      facts.put(
          "protections",
          protections.stream().map(its -> ProtectionSource.of(its).json().toString()).toList());
    }
    facts.put("encoding", encoding.label());
    facts.put("per", per.label());
    facts.put("population", size.isPresent() ? "sample" : "exhaustive");
    size.ifPresent(s -> facts.put("margin", s.margin()));
    facts.put("confidence", confidence);
    facts.put("singleFaults", faults());
    facts.put("networks", networks.stream().map(CampaignNetwork::facts).toList());
    facts.put("dataset", dataset.name());
    facts.put("datasetSha256", dataset.sha256());
    facts.put("images", images);
    facts.put("waves", waves().waves());
    return Identity.of(facts);
  }
}
