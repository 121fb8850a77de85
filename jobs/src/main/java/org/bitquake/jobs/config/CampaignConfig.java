package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultModel;
import org.bitquake.protect.Protection;

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
    @Key(value = MEMORY, byDefault = "{}") MemoryConfig memory,
    @Key(value = ENCODINGS, otherwise = "as faults.encoding says", labels = Encoding.class)
        Optional<List<String>> encodings,
    @Key(value = PROTECTIONS, otherwise = "none", labels = PartForm.class, words = "none")
        Optional<List<ProtectionSource>> protections,
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
  static final String MEMORY = "the form of the memory, for models that look at it";
  static final String ENCODINGS =
      "how weight codes are stored, several ways, each for every fault model of weights";
  static final String PROTECTIONS =
      "what protects the memory of weights, each for every fault model: none, a part, or {name: …,"
          + " parts: […]}";
  static final String OUTPUT = "folder of the tables, relative to the working directory";

  public CampaignConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    if (trials.perCell().isPresent() == trials.until().isPresent()) {
      throw new InvalidValue("trials", "needs either perCell or until");
    }
    Checks.fraction("confidence", confidence);
    faults.requireFits(memory);
    encodings =
        encodings.map(its -> Checks.notEmpty("encodings", Checks.distinct("encodings", its)));
    encodings.ifPresent(its -> requireEncodings(its, faults));
    protections = protections.map(its -> Checks.notEmpty("protections", its));
    protections.ifPresent(ProtectionSource::requireNames);
  }

  private static void requireEncodings(List<String> encodings, Faults faults) {
    for (int i = 0; i < encodings.size(); i++) {
      Checks.label("encodings[" + i + "]", Encoding::of, encodings.get(i));
    }
    if (!faults.encoding().equals(Defaults.ENCODING)) {
      throw new InvalidValue(
          "faults.encoding",
          "the ways to store codes are those of encodings; leave out one of both");
    }
  }

  /** The ways to store codes, in the order of the file, if it has several. */
  public List<Encoding> encodingList() {
    return encodings.stream().flatMap(List::stream).map(Encoding::of).toList();
  }

  /** The protections, in the order of the file. */
  public List<Protection> protectionList() {
    return protections
        .map(its -> its.stream().map(ProtectionSource::protection).toList())
        .orElse(List.of(Protection.NONE));
  }

  /** The faults. */
  public record Faults(
      @Key(value = KINDS, otherwise = "as models says", labels = FaultKind.class)
          Optional<List<String>> kinds,
      @Key(value = MODELS, otherwise = "as kinds says", labels = EffectForm.class)
          Optional<List<ModelSource>> models,
      @Key(
              value =
                  "how probably a memory cell is faulty, in the order of the report: a list, or"
                      + " {curve: …, voltages: …}",
              otherwise = AS_MEASURED,
              least = 0,
              most = 1,
              elements = Double.class,
              form = Rates.ByVoltage.class)
          Optional<Rates> rates,
      @Key(value = ENCODED, byDefault = Defaults.ENCODING, labels = Encoding.class) String encoding,
      @Key(value = LAYERS, otherwise = ALL) Optional<List<String>> layers,
      @Key(value = BITS, otherwise = ALL, least = 0, most = LAST_BIT)
          Optional<List<Integer>> bits) {
    static final String KINDS = "what a faulty memory cell does; or give models";
    static final String MODELS =
        "what fails, where, and how: an effect, or {name: …, target: …, pattern: …, effect: …}; or"
            + " give kinds";
    static final String AS_MEASURED =
        "as chips with probabilities were measured (pattern profile); must be given with others";
    static final String ENCODED = "how weight codes are stored";
    static final String LAYERS = "names of the weight layers that may be faulty";
    static final String BITS = "bits of a weight that may be faulty, 0 the least significant";
    static final String ALL = "all";
    static final int LAST_BIT = Encoding.MAX_BITS - 1;

    public Faults {
      if (kinds.isPresent() == models.isPresent()) {
        throw new InvalidValue("kinds", "needs either kinds or models");
      }
      kinds = kinds.map(k -> Checks.distinct("kinds", k));
      models = models.map(m -> Checks.distinct("models", m));
      layers = layers.map(l -> Checks.distinct("layers", l));
      bits = bits.map(b -> Checks.distinct("bits", b));
      Checks.label("encoding", Encoding::of, encoding);
      kinds.ifPresent(Faults::requireKinds);
      models.ifPresent(Faults::requireNames);
      rates.flatMap(Rates::listed).ifPresent(Faults::requireRates);
      boolean chips =
          models.stream()
              .flatMap(List::stream)
              .anyMatch(m -> m.model().pattern() instanceof ChipFiles);
      if (rates.isEmpty() && !chips) {
        throw InvalidValue.missing("rates");
      }
    }

    private static void requireKinds(List<String> kinds) {
      for (int i = 0; i < kinds.size(); i++) {
        Checks.label("kinds[" + i + "]", FaultKind::of, kinds.get(i));
      }
    }

    private static void requireNames(List<ModelSource> models) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < models.size(); i++) {
        String name = models.get(i).model().name();
        if (!names.add(name)) {
          throw new InvalidValue(
              "models[" + i + "]", Text.of("a second model called %s; give it a name", name));
        }
      }
    }

    private static void requireRates(List<Double> rates) {
      Checks.distinct("rates", rates);
      for (int i = 0; i < rates.size(); i++) {
        if (!(rates.get(i) >= 0 && rates.get(i) <= 1)) {
          throw new InvalidValue(
              "rates[" + i + "]", rates.get(i) + " is outside 0…1; write 5 % as 0.05");
        }
      }
    }

    /** The models, in the order of the file. */
    public List<FaultModel> faultModels() {
      return models
          .map(its -> its.stream().map(ModelSource::model).toList())
          .orElseGet(
              () -> kinds.orElseThrow().stream().map(FaultKind::of).map(FaultModel::of).toList());
    }

    /** Checks that arrays of the memory have room for the models' events. */
    void requireFits(MemoryConfig memory) {
      var all = faultModels();
      for (int i = 0; i < all.size(); i++) {
        var model = all.get(i);
        int columns = memory.word() / model.effect().bitsPerCell() * memory.wordsPerRow();
        try {
          model.pattern().requireFits(memory.rows(), columns);
        } catch (IllegalArgumentException e) {
          throw new InvalidValue("faults.models[" + i + "].pattern", e.getMessage());
        }
      }
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
