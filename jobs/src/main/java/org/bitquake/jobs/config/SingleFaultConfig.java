package org.bitquake.jobs.config;

import static org.bitquake.jobs.config.Checks.distinct;
import static org.bitquake.jobs.config.Checks.label;
import static org.bitquake.jobs.config.Checks.notBlank;
import static org.bitquake.jobs.config.Checks.notEmpty;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultEvent;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.Stratification;
import org.bitquake.jobs.config.CampaignConfig.Images;
import org.bitquake.protect.Protection;
import org.bitquake.stats.SampleSize;

/**
 * A campaign of single faults as its YAML file describes it, told from other campaigns by the key
 * {@code faults.kind}.
 *
 * @param trials not to be given: each fault is one trial
 */
public record SingleFaultConfig(
    @Key(CampaignConfig.NAME) String name,
    @Key(value = "of the draw of faults and images", byDefault = Defaults.SEED) long seed,
    @Key(CampaignConfig.NETWORKS) List<NetworkSource> networks,
    @Key("the labelled images") DataSource data,
    @Key("which faults to inject") Faults faults,
    @Key(
            value = "the form of the memory, for events of more than a cell and for protections",
            byDefault = "{}")
        MemoryConfig memory,
    @Key(
            value =
                "what protects the memory, each for every fault: none, a part, or {name: …, parts:"
                    + " […]}",
            otherwise = "none",
            labels = PartForm.class,
            words = "none")
        Optional<List<ProtectionSource>> protections,
    @Key(
            value = "images looked at with each fault, drawn once: a number or all",
            least = 1,
            words = Images.ALL)
        Images images,
    Optional<Map<String, Object>> trials,
    @Key(CampaignConfig.OUTPUT) String output) {
  /** The key that other campaigns do not have. */
  public static final String KEY = "faults.kind";

  public SingleFaultConfig {
    notBlank("name", name);
    notBlank("output", output);
    networks = notEmpty("networks", networks);
    protections = protections.map(its -> notEmpty("protections", its));
    protections.ifPresent(ProtectionSource::requireNames);
    if (trials.isPresent()) {
      throw new InvalidValue(
          "trials", "each single fault is one trial; leave this out, faults.margin sets how many");
    }
    try {
      faults.faultEvent().requireFits(memory.rows(), memory.word() * memory.wordsPerRow());
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("faults.event", e.getMessage());
    }
    if (images.auto()) {
      throw new InvalidValue(
          "images",
          "auto is for trials; single faults all see the same images: write a number or all");
    }
  }

  /** The protections, in the order of the file; none if it says nothing of them. */
  public List<Protection> protectionList() {
    return protections.stream().flatMap(List::stream).map(ProtectionSource::protection).toList();
  }

  /** The faults. How many a sample has is {@link SampleSize}'s to say. */
  public record Faults(
      @Key(value = "what the faulty memory cell does", labels = FaultKind.class, prefix = PREFIX)
          String kind,
      @Key(
              value =
                  "what fails together: cell, row, column (of an array), or a block of rows x columns"
                      + " of cells, such as 2x2",
              byDefault = "cell")
          String event,
      @Key(
              value = "every memory cell (or event), or as many as the margin needs",
              byDefault = SAMPLE,
              words = {SAMPLE, EXHAUSTIVE})
          String population,
      @Key(
              value = "of a sample: half the interval of a proportion, such as 0.01 for ± 1 %",
              otherwise = DEFAULT_MARGIN + " for a sample",
              above = 0,
              below = 1)
          Optional<Double> margin,
      @Key(
              value = "level of the sample size and of all intervals",
              byDefault = Defaults.CONFIDENCE,
              above = 0,
              below = 1)
          double confidence,
      @Key(
              value = "what is sampled by itself, each to the margin",
              byDefault = "network",
              labels = Stratification.class)
          String per,
      @Key(
              value = CampaignConfig.Faults.ENCODED,
              byDefault = Defaults.ENCODING,
              labels = Encoding.class)
          String encoding,
      @Key(value = CampaignConfig.Faults.LAYERS, otherwise = CampaignConfig.Faults.ALL)
          Optional<List<String>> layers,
      @Key(
              value = CampaignConfig.Faults.BITS,
              otherwise = CampaignConfig.Faults.ALL,
              least = 0,
              most = CampaignConfig.Faults.LAST_BIT)
          Optional<List<Integer>> bits) {
    /** Half the interval of a proportion where the file gives none. */
    static final double DEFAULT_MARGIN = 0.01;

    private static final String PREFIX = "single-";
    private static final String EXHAUSTIVE = "exhaustive";
    private static final String SAMPLE = "sample";

    public Faults {
      layers = layers.map(l -> distinct("layers", l));
      bits = bits.map(b -> distinct("bits", b));
      label("encoding", Encoding::of, encoding);
      label("kind", Faults::kindOf, kind);
      label("event", FaultEvent::of, event);
      if (!population.equals(EXHAUSTIVE) && !population.equals(SAMPLE)) {
        throw new InvalidValue(
            "population", Text.of("\"%s\": write exhaustive or sample", population));
      }
      if (population.equals(EXHAUSTIVE) && margin.isPresent()) {
        throw new InvalidValue(
            "margin", "every cell is tried; leave it out, or write population: sample");
      }
      label("per", Stratification::of, per);
      Checks.fraction("confidence", confidence);
      margin.ifPresent(m -> Checks.fraction("margin", m));
    }

    private static FaultKind kindOf(String label) {
      for (var kind : FaultKind.values()) {
        if (label.equals(PREFIX + kind.label())) {
          return kind;
        }
      }
      throw new InputException(
          Text.of(
              "unknown kind \"%s\" of single fault: use single-bit-flip, single-stuck-at-0 or single-stuck-at-1",
              label));
    }

    /** What the faulty cell does. */
    public FaultKind faultKind() {
      return kindOf(kind);
    }

    /** What fails together. */
    public FaultEvent faultEvent() {
      return FaultEvent.of(event);
    }

    /** How many faults to draw; empty for all. */
    public Optional<SampleSize> sampleSize() {
      return population.equals(EXHAUSTIVE)
          ? Optional.empty()
          : Optional.of(new SampleSize(margin.orElse(DEFAULT_MARGIN), confidence));
    }
  }
}
