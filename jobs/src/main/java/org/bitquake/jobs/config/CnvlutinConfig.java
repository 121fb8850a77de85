package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Optional;
import org.bitquake.Text;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.cnvlutin.AccessEnergy;
import org.bitquake.cnvlutin.LaneAssignment;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;

/**
 * A simulation of Cnvlutin as its YAML file describes it, checked as far as that is possible
 * without the files it names.
 */
public record CnvlutinConfig(
    @Key(CampaignConfig.NAME) String name,
    @Key(
            value = "of the faults: map t is that of trial t of a campaign with this seed",
            byDefault = Defaults.SEED)
        long seed,
    @Key(CampaignConfig.NETWORKS) List<NetworkSource> networks,
    @Key("the images") DataSource data,
    @Key(value = "the first images of the data set: a number or all", least = 1, words = Images.ALL)
        Images images,
    @Key(value = "the machine", byDefault = "{}") Machine accelerator,
    @Key(value = "what memory accesses cost", otherwise = "no energy is computed")
        Optional<Energy> energy,
    @Key(
            value = "table cnvlutin_slices: sums over many images, or every image by itself",
            byDefault = LAYER,
            words = {LAYER, IMAGE})
        String detail,
    @Key(
            value = "in a memory, under which everything is simulated again",
            otherwise = "without faults only")
        Optional<Faults> faults,
    @Key(value = CampaignConfig.MEMORY, byDefault = "{}") MemoryConfig memory,
    @Key(CampaignConfig.OUTPUT) String output) {
  /** Sums over many images. */
  public static final String LAYER = "layer";

  /** Every image by itself. */
  public static final String IMAGE = "image";

  public CnvlutinConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    if (!List.of(LAYER, IMAGE).contains(detail)) {
      throw new InvalidValue("detail", Text.of("\"%s\" is neither layer nor image", detail));
    }
    faults.ifPresent(its -> its.memory().requireFits(memory));
  }

  /** The machine to simulate. */
  public Accelerator machine() {
    return accelerator.accelerator();
  }

  /**
   * How many images: a number or {@code all}.
   *
   * @param count empty for all
   */
  public record Images(Optional<Integer> count) {
    static final String ALL = "all";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(count + " images; write a positive number or all");
      }
      return new Images(Optional.of(count));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(String word) {
      if (!word.equals(ALL)) {
        throw new IllegalArgumentException(
            Text.of("\"%s\" is not a number of images; write a positive number or all", word));
      }
      return new Images(Optional.empty());
    }
  }

  /** The machine; where nothing is said, that of the paper, {@link Accelerator#ISCA_2016}. */
  public record Machine(
      @Key(
              value = "units that each work on filters of their own",
              byDefault = PAPER_COUNT,
              least = 1,
              most = Accelerator.MAX_COUNT)
          int units,
      @Key(
              value = "filters that a unit works on at the same time",
              byDefault = PAPER_COUNT,
              least = 1,
              most = Accelerator.MAX_COUNT)
          int filtersPerUnit,
      @Key(
              value = "activations that the baseline takes in a cycle, and queues of Cnvlutin",
              byDefault = PAPER_COUNT,
              least = 1,
              most = Accelerator.MAX_LANES)
          int lanes,
      @Key(
              value = "activations that are encoded together",
              byDefault = PAPER_COUNT,
              least = 1,
              most = Accelerator.MAX_BRICK)
          int brick,
      @Key(
              value =
                  "activations of a lane: neighbouring channels, or whole bricks of channels"
                      + " dealt out in turn",
              byDefault = "contiguous",
              labels = LaneAssignment.class)
          String assignment,
      @Key(
              value = "added to each layer, on both machines",
              unit = "cycles",
              byDefault = "0",
              least = 0,
              most = Accelerator.MAX_LATENCY)
          int pipelineLatency,
      @Key(value = "whether zeros of the image are skipped too", byDefault = "false")
          boolean encodeFirstLayer,
      @Key(
              value = "whether zeros that fully connected layers read are skipped too",
              byDefault = "false")
          boolean encodeFullyConnected) {
    private static final String PAPER_COUNT = "" + Accelerator.ISCA_2016_COUNT;

    public Machine {
      range("units", units, 1, Accelerator.MAX_COUNT);
      range("filtersPerUnit", filtersPerUnit, 1, Accelerator.MAX_COUNT);
      range("lanes", lanes, 1, Accelerator.MAX_LANES);
      range("brick", brick, 1, Accelerator.MAX_BRICK);
      range("pipelineLatency", pipelineLatency, 0, Accelerator.MAX_LATENCY);
      Checks.label("assignment", LaneAssignment::of, assignment);
    }

    private static void range(String key, int value, int least, int most) {
      if (value < least || value > most) {
        throw new InvalidValue(key, Text.of("%d is outside %d…%d", value, least, most));
      }
    }

    Accelerator accelerator() {
      return new Accelerator(
          units,
          filtersPerUnit,
          lanes,
          brick,
          LaneAssignment.of(assignment),
          pipelineLatency,
          encodeFirstLayer,
          encodeFullyConnected);
    }
  }

  /** Energy of the accesses of each machine. */
  public record Energy(
      @Key("of the baseline, DaDianNao") Access baseline, @Key("of Cnvlutin") Access cnvlutin) {}

  /** Energy of one access to each memory. */
  public record Access(
      @Key(value = "a read of an activation", unit = "pJ", least = 0, most = AccessEnergy.MOST)
          double activationRead,
      @Key(value = "a read of a weight", unit = "pJ", least = 0, most = AccessEnergy.MOST)
          double weightRead,
      @Key(value = "a write of an output", unit = "pJ", least = 0, most = AccessEnergy.MOST)
          double outputWrite) {
    public Access {
      new AccessEnergy(activationRead, weightRead, outputWrite); // checks them
    }

    /** What the simulation computes with. */
    public AccessEnergy energy() {
      return new AccessEnergy(activationRead, weightRead, outputWrite);
    }

    /** That of {@link AccessEnergy}, which is part of a simulation's identity. */
    @Override
    public String toString() {
      return energy().toString();
    }
  }

  /** The faults: as those of a campaign, map t being that of its trial t. */
  public record Faults(
      @Key(
              value = CampaignConfig.Faults.KINDS,
              otherwise = "as models says",
              labels = FaultKind.class)
          Optional<List<String>> kinds,
      @Key(
              value = CampaignConfig.Faults.MODELS,
              otherwise = "as kinds says",
              labels = EffectForm.class)
          Optional<List<ModelSource>> models,
      @Key(
              value =
                  "how probably a memory cell is faulty; 0 is always simulated: a list, or {curve:"
                      + " …, voltages: …}",
              otherwise = CampaignConfig.Faults.AS_MEASURED,
              above = 0,
              most = 1,
              elements = Double.class,
              form = Rates.ByVoltage.class)
          Optional<Rates> rates,
      @Key(value = "fault maps of each kind × rate", least = 1, most = MOST_MAPS) int maps,
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
    private static final int MOST_MAPS = 1_000_000;

    public Faults {
      var checked = new CampaignConfig.Faults(kinds, models, rates, encoding, layers, bits);
      kinds = checked.kinds();
      models = checked.models();
      List<Double> listed = rates.flatMap(Rates::listed).orElse(List.of());
      if (listed.contains(0.0)) {
        throw new InvalidValue(
            "rates[" + listed.indexOf(0.0) + "]", "0 is simulated in any case; leave it out");
      }
      if (maps < 1 || maps > MOST_MAPS) {
        throw new InvalidValue("maps", Text.of("%d is outside 1…%d", maps, MOST_MAPS));
      }
    }

    /** The same without the number of maps. */
    public CampaignConfig.Faults memory() {
      return new CampaignConfig.Faults(kinds, models, rates, encoding, layers, bits);
    }
  }
}
