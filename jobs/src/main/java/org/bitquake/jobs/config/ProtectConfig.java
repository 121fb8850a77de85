package org.bitquake.jobs.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.jobs.config.CampaignConfig.Faults;
import org.bitquake.jobs.config.CampaignConfig.Images;
import org.bitquake.protect.Code;
import org.bitquake.protect.HardenedCells;
import org.bitquake.protect.LinearCode;
import org.bitquake.protect.Part;

/** The search for the cheapest protection as its YAML file describes it. */
public record ProtectConfig(
    @Key(CampaignConfig.NAME) String name,
    @Key(value = "of the search; its number plus 1 of the fresh trials", byDefault = Defaults.SEED)
        long seed,
    @Key("network files, each searched by itself: a path, or {file: path, name: another-name}")
        List<NetworkSource> networks,
    @Key("the labelled images") DataSource data,
    @Key("what goes wrong: one model, at one rate; encoding is the one in use") Faults faults,
    @Key(value = CampaignConfig.MEMORY, byDefault = "{}") MemoryConfig memory,
    @Key("what is to be kept: loss or accuracy") Target target,
    @Key(value = "what the search may choose", byDefault = "{}") Allow allow,
    @Key(value = "how many trials", byDefault = "{}") Trials trials,
    @Key(
            value = "images of a trial, drawn anew for each: a number or all",
            byDefault = "64",
            least = 1,
            words = Images.ALL)
        Images images,
    @Key(
            value = "with which all that is confirmed, of all networks together, holds",
            byDefault = Defaults.CONFIDENCE,
            above = 0,
            below = 1)
        double confidence,
    @Key(CampaignConfig.OUTPUT) String output) {

  public ProtectConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    Checks.fraction("confidence", confidence);
    if (images.auto()) {
      throw new InvalidValue("images", "auto is for campaigns; write a number or all");
    }
    requireOne(faults);
    faults.requireFits(memory);
    for (int i = 0; i < allow.techniqueList(memory).size(); i++) {
      var part = allow.techniqueList(memory).get(i);
      if (!part.layers().isEmpty() || !part.bits().isEmpty()) {
        throw new InvalidValue(
            "allow.techniques[" + i + "]", "the search chooses layers and bits; leave them out");
      }
      if (part instanceof HardenedCells) {
        throw new InvalidValue(
            "allow.techniques[" + i + "]",
            "the search chooses layers and bits, not single cells; leave cells out");
      }
    }
  }

  private static void requireOne(Faults faults) {
    if (faults.faultModels().size() != 1) {
      throw new InvalidValue(
          faults.models().isPresent() ? "faults.models" : "faults.kinds",
          Text.of(
              "a protection is searched for one fault model, and there are %d; give each a file",
              faults.faultModels().size()));
    }
    int rates =
        faults
            .rates()
            .map(
                its ->
                    its.listed()
                        .map(List::size)
                        .orElseGet(() -> its.ofVoltages().orElseThrow().voltages().size()))
            .orElse(1);
    if (rates != 1) {
      throw new InvalidValue(
          "faults.rates",
          Text.of(
              "a protection is searched for one rate or voltage, and there are %d; give each a file",
              rates));
    }
    var model = faults.faultModels().get(0);
    if (model.effect().bitsPerCell() > 1) {
      throw new InvalidValue(
          "faults.models[0].effect",
          Text.of(
              "a cell of %s holds %d bits, and the search protects single ones",
              model.name(), model.effect().bitsPerCell()));
    }
  }

  /** What accuracy is to be kept. */
  public record Target(
      @Key(
              value =
                  "at most so much less accuracy than without faults, such as 0.02 for 2 points",
              otherwise = "as accuracy says",
              above = 0,
              below = 1)
          Optional<Double> loss,
      @Key(value = "at least this accuracy, 0…1", otherwise = "as loss says", above = 0, below = 1)
          Optional<Double> accuracy) {
    public Target {
      if (loss.isPresent() == accuracy.isPresent()) {
        throw new InvalidValue("loss", "needs either loss or accuracy");
      }
      loss.ifPresent(its -> requireShare("loss", its, "2 points as 0.02"));
      accuracy.ifPresent(its -> requireShare("accuracy", its, "88 % as 0.88"));
    }

    private static void requireShare(String key, double value, String example) {
      if (!(value > 0 && value < 1)) {
        throw new InvalidValue(key, Text.of("%s is not between 0 and 1; write %s", value, example));
      }
    }

    /** The accuracy to be kept by a network that has this one without faults. */
    public double of(double clean) {
      return accuracy.orElseGet(() -> clean - loss.orElseThrow());
    }
  }

  /** What the search may choose from. */
  public record Allow(
      @Key(
              value = "how codes may be stored",
              otherwise = "every way that holds the network's codes",
              labels = Encoding.class)
          Optional<List<String>> encodings,
      @Key(
              value = "what may protect cells, without layers and bits, which the search chooses",
              otherwise = "[harden, secded, parity], codes of as many bits as the memory's words",
              labels = PartForm.class)
          Optional<List<PartSource>> techniques,
      @Key(
              value = "area that may be added, as a share of that of the weights' cells",
              byDefault = "10",
              least = 0,
              most = MOST_AREA)
          double area) {
    static final int MOST_AREA = 100;

    public Allow {
      encodings = encodings.map(its -> Checks.distinct("encodings", its));
      encodings.ifPresent(Allow::requireEncodings);
      techniques = techniques.map(its -> Checks.distinct("techniques", its));
      if (!(area >= 0 && area <= MOST_AREA)) {
        throw new InvalidValue(
            "area", Text.of("%s is outside 0…%d; write 20 %% more as 0.2", area, MOST_AREA));
      }
    }

    private static void requireEncodings(List<String> encodings) {
      Checks.notEmpty("encodings", encodings);
      for (int i = 0; i < encodings.size(); i++) {
        Checks.label("encodings[" + i + "]", Encoding::of, encodings.get(i));
      }
    }

    /** The techniques, in the order of the file. */
    public List<Part> techniqueList(MemoryConfig memory) {
      return techniques
          .map(its -> its.stream().map(PartSource::part).toList())
          .orElseGet(() -> usual(memory.word()));
    }

    private static List<Part> usual(int word) {
      int its = word <= LinearCode.MOST_DATA_BITS ? word : Part.Checked.DEFAULT_WORD;
      return List.of(
          new Part.Harden(Set.of(), Set.of(), Part.Harden.DEFAULT_AREA_FACTOR),
          new Part.Checked(Code.SECDED, its, Part.OnError.KEEP, Set.of(), Set.of()),
          new Part.Checked(Code.PARITY, its, Part.OnError.ZERO, Set.of(), Set.of()));
    }

    /** The encodings, in the order of the file; all of them where it does not say. */
    public List<Encoding> encodingList() {
      return encodings
          .map(its -> its.stream().map(Encoding::of).toList())
          .orElseGet(() -> Arrays.asList(Encoding.values()));
    }
  }

  /** How many trials there are. */
  public record Trials(
      @Key(
              value = "of each design in the search; those that look best get four times as many",
              byDefault = "128",
              least = LEAST,
              most = MOST)
          long search,
      @Key(
              value = "of a finalist at most, with a seed that the search did not use",
              byDefault = "4096",
              least = LEAST,
              most = MOST)
          long confirm) {
    static final int LEAST = 16;
    static final int MOST = 1_000_000;

    public Trials {
      require("search", search);
      require("confirm", confirm);
    }

    private static void require(String key, long value) {
      if (value < LEAST || value > MOST) {
        throw new InvalidValue(key, Text.of("%d is outside %d…%d", value, LEAST, MOST));
      }
    }
  }
}
