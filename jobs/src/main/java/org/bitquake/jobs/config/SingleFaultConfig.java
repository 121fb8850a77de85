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
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.Stratification;
import org.bitquake.jobs.config.CampaignConfig.Images;
import org.bitquake.stats.SampleSize;

/**
 * A campaign of single faults as its YAML file describes it, told from other campaigns by the key
 * {@code faults.kind}.
 *
 * @param name for people
 * @param seed of the draw of faults and images
 * @param networks at least one
 * @param data the labelled images
 * @param faults which to inject
 * @param images of the data set looked at with each fault, always the same
 * @param trials not to be given: each fault is one trial
 * @param output directory of the tables, relative to the working directory
 */
public record SingleFaultConfig(
    String name,
    long seed,
    List<NetworkSource> networks,
    DataSource data,
    Faults faults,
    Images images,
    Optional<Map<String, Object>> trials,
    String output) {
  /** The key that other campaigns do not have. */
  public static final String KEY = "faults.kind";

  public SingleFaultConfig {
    notBlank("name", name);
    notBlank("output", output);
    networks = notEmpty("networks", networks);
    if (trials.isPresent()) {
      throw new InvalidValue(
          "trials", "each single fault is one trial; leave this out, faults.margin sets how many");
    }
    if (images.auto()) {
      throw new InvalidValue(
          "images",
          "auto is for trials; single faults all see the same images: write a number or all");
    }
  }

  /**
   * The faults.
   *
   * @param kind {@code single-} and the label of a {@link FaultKind}
   * @param population {@code exhaustive}: every memory cell; {@code sample}: as many as {@link
   *     SampleSize} says
   * @param margin half the interval of a proportion, for a sample; {@link #DEFAULT_MARGIN} if left
   *     out
   * @param confidence level of the sample size and of all intervals; {@link
   *     CampaignConfig#DEFAULT_CONFIDENCE} if left out
   * @param per label of a {@link Stratification}: what is sampled by itself, each to the margin;
   *     the whole network if left out
   * @param encoding label of an {@link Encoding}; two's complement if left out
   * @param layers names of the weight layers that may be faulty; all if left out
   * @param bits positions that may be faulty, 0 the least significant; all if left out
   */
  public record Faults(
      String kind,
      String population,
      Optional<Double> margin,
      Optional<Double> confidence,
      Optional<String> per,
      Optional<String> encoding,
      Optional<List<String>> layers,
      Optional<List<Integer>> bits) {
    /** Half the interval of a proportion where the file gives none. */
    public static final double DEFAULT_MARGIN = 0.01;

    private static final String PREFIX = "single-";
    private static final String EXHAUSTIVE = "exhaustive";
    private static final String SAMPLE = "sample";

    public Faults {
      layers = layers.map(l -> distinct("layers", l));
      bits = bits.map(b -> distinct("bits", b));
      encoding = Optional.of(encoding.orElse(Encoding.TWOS_COMPLEMENT.label()));
      label("encoding", Encoding::of, encoding.get());
      label("kind", Faults::kindOf, kind);
      if (!population.equals(EXHAUSTIVE) && !population.equals(SAMPLE)) {
        throw new InvalidValue(
            "population", Text.of("\"%s\": write exhaustive or sample", population));
      }
      if (population.equals(EXHAUSTIVE) && margin.isPresent()) {
        throw new InvalidValue(
            "margin", "every cell is tried; leave it out, or write population: sample");
      }
      per = Optional.of(per.orElse(Stratification.NETWORK.label()));
      label("per", Stratification::of, per.get());
      confidence = Optional.of(confidence.orElse(CampaignConfig.DEFAULT_CONFIDENCE));
      requireFraction("confidence", confidence.get());
      margin.ifPresent(m -> requireFraction("margin", m));
    }

    private static void requireFraction(String key, double value) {
      if (!(value > 0 && value < 1)) {
        throw new InvalidValue(key, value + " is not between 0 and 1");
      }
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

    /** How many faults to draw; empty for all. */
    public Optional<SampleSize> sampleSize() {
      return population.equals(EXHAUSTIVE)
          ? Optional.empty()
          : Optional.of(new SampleSize(margin.orElse(DEFAULT_MARGIN), confidence.orElseThrow()));
    }
  }
}
