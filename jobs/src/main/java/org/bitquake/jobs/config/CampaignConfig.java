package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;

/**
 * A fault campaign as its YAML file describes it, checked as far as that is possible without the
 * files it names.
 */
public record CampaignConfig(
    @Key(NAME) String name,
    @Key(value = "of all random numbers", byDefault = Defaults.SEED) long seed,
    @Key(NETWORKS) List<NetworkSource> networks,
    @Key("the labelled images") DataSource data,
    @Key("what goes wrong, and how often") Faults faults,
    @Key("how many trials each network × kind × rate has: perCell or until") Trials trials,
    @Key(
            value =
                "images of a trial, drawn anew for each: a number, all, or auto (for each cell"
                    + " what costs least)",
            least = 1,
            words = {Images.ALL, Images.AUTO})
        Images images,
    @Key(
            value = "level of the confidence intervals",
            byDefault = Defaults.CONFIDENCE,
            above = 0,
            below = 1)
        double confidence,
    @Key(OUTPUT) String output) {
  static final String NAME = "what people call it, in tables and on the page";
  static final String NETWORKS = "network files: a path, or {file: path, name: another-name}";
  static final String OUTPUT = "folder of the tables, relative to the working directory";

  public CampaignConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    if (trials.perCell().isPresent() == trials.until().isPresent()) {
      throw new InvalidValue("trials", "needs either perCell or until");
    }
    Checks.fraction("confidence", confidence);
  }

  /** The faults. */
  public record Faults(
      @Key(value = "what a faulty memory cell does", labels = FaultKind.class) List<String> kinds,
      @Key(
              value = "how probably a memory cell is faulty, in the order of the report",
              least = 0,
              most = 1)
          List<Double> rates,
      @Key(value = ENCODED, byDefault = Defaults.ENCODING, labels = Encoding.class) String encoding,
      @Key(value = LAYERS, otherwise = ALL) Optional<List<String>> layers,
      @Key(value = BITS, otherwise = ALL, least = 0, most = LAST_BIT)
          Optional<List<Integer>> bits) {
    static final String ENCODED = "how weight codes are stored";
    static final String LAYERS = "names of the weight layers that may be faulty";
    static final String BITS = "bits of a weight that may be faulty, 0 the least significant";
    static final String ALL = "all";
    static final int LAST_BIT = Encoding.MAX_BITS - 1;

    public Faults {
      kinds = Checks.distinct("kinds", kinds);
      rates = Checks.distinct("rates", rates);
      layers = layers.map(l -> Checks.distinct("layers", l));
      bits = bits.map(b -> Checks.distinct("bits", b));
      Checks.label("encoding", Encoding::of, encoding);
      for (int i = 0; i < kinds.size(); i++) {
        Checks.label("kinds[" + i + "]", FaultKind::of, kinds.get(i));
      }
      for (int i = 0; i < rates.size(); i++) {
        if (!(rates.get(i) >= 0 && rates.get(i) <= 1)) {
          throw new InvalidValue(
              "rates[" + i + "]", rates.get(i) + " is outside 0…1; write 5 % as 0.05");
        }
      }
    }

    /** The kinds, in the order of the file. */
    public List<FaultKind> faultKinds() {
      return kinds.stream().map(FaultKind::of).toList();
    }
  }

  /** How many trials: a number, or as many as it takes. */
  public record Trials(
      @Key(
              value = "so many trials of each network × kind × rate",
              otherwise = "as until says",
              least = LEAST,
              most = MOST)
          Optional<Long> perCell,
      @Key(
              value = "trials go on until each accuracy is known so well",
              otherwise = "as perCell says")
          Optional<Until> until) {
    static final long LEAST = 2;
    static final long MOST = 1_000_000_000L;

    public Trials {
      perCell.ifPresent(number -> requireTrials("perCell", number));
    }

    static void requireTrials(String key, long number) {
      if (number < LEAST || number > MOST) {
        throw new InvalidValue(
            key,
            Text.of("%d is outside %d…%d (an interval needs two trials)", number, LEAST, MOST));
      }
    }
  }

  /** When a network × kind × rate has trials enough. */
  public record Until(
      @Key(
              value = "half the width of its confidence interval, such as 0.005 for ± 0.5 %",
              above = 0,
              below = 0.5)
          double halfWidth,
      @Key(
              value = "trials that it may have at most",
              byDefault = "" + DEFAULT_MAX,
              least = Trials.LEAST,
              most = Trials.MOST)
          long max) {
    /** Trials of a cell at most, where the file gives no number. */
    public static final long DEFAULT_MAX = 100_000;

    public Until {
      if (!(halfWidth > 0 && halfWidth < 0.5)) {
        throw new InvalidValue(
            "halfWidth", halfWidth + " is not between 0 and 0.5; write ± 1 % as 0.01");
      }
      Trials.requireTrials("max", max);
    }
  }

  /**
   * How many images a trial looks at: a number, {@code all}, or {@code auto}: what costs least.
   *
   * @param count empty for all and auto
   */
  public record Images(Optional<Integer> count, boolean auto) {
    static final String ALL = "all";
    static final String AUTO = "auto";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(count + " images; write a positive number, all or auto");
      }
      return new Images(Optional.of(count), false);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(String word) {
      if (!word.equals(ALL) && !word.equals(AUTO)) {
        throw new IllegalArgumentException(
            Text.of(
                "\"%s\" is not a number of images; write a positive number, all or auto", word));
      }
      return new Images(Optional.empty(), word.equals(AUTO));
    }
  }
}
