package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Optional;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.cnvlutin.Accelerator;
import org.bitquake.cnvlutin.AccessEnergy;
import org.bitquake.cnvlutin.LaneAssignment;

/**
 * A simulation of Cnvlutin as its YAML file describes it, checked as far as that is possible
 * without the files it names.
 *
 * @param name for people
 * @param seed of the faults; that of a campaign makes its fault maps
 * @param networks at least one; paths relative to the configuration file
 * @param data the images
 * @param images of the data set, from the first
 * @param accelerator the machine; that of the paper if left out
 * @param energy of memory accesses; no energy is computed if left out
 * @param detail of the table {@code cnvlutin_slices}: {@link #LAYER} if left out, or {@link #IMAGE}
 * @param faults in the weight memory, under which everything is simulated again
 * @param output directory of the tables, relative to the working directory
 */
public record CnvlutinConfig(
    String name,
    long seed,
    List<NetworkSource> networks,
    DataSource data,
    Images images,
    Optional<Machine> accelerator,
    Optional<Energy> energy,
    Optional<String> detail,
    Optional<Faults> faults,
    String output) {
  /** Sums over many images. */
  public static final String LAYER = "layer";

  /** Every image by itself. */
  public static final String IMAGE = "image";

  public CnvlutinConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    detail = Optional.of(detail.orElse(LAYER));
    if (!List.of(LAYER, IMAGE).contains(detail.get())) {
      throw new InvalidValue("detail", Text.of("\"%s\" is neither layer nor image", detail.get()));
    }
  }

  /** The machine to simulate. */
  public Accelerator machine() {
    return accelerator.map(Machine::accelerator).orElse(Accelerator.ISCA_2016);
  }

  /**
   * How many images: a number or {@code all}.
   *
   * @param count empty for all
   */
  public record Images(Optional<Integer> count) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(count + " images; write a positive number or all");
      }
      return new Images(Optional.of(count));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(String word) {
      if (!word.equals("all")) {
        throw new IllegalArgumentException(
            Text.of("\"%s\" is not a number of images; write a positive number or all", word));
      }
      return new Images(Optional.empty());
    }
  }

  /** What differs from {@link Accelerator#ISCA_2016}; its members explain these. */
  public record Machine(
      Optional<Integer> units,
      Optional<Integer> filtersPerUnit,
      Optional<Integer> lanes,
      Optional<Integer> brick,
      Optional<String> assignment,
      Optional<Integer> pipelineLatency,
      Optional<Boolean> encodeFirstLayer,
      Optional<Boolean> encodeFullyConnected) {
    public Machine {
      range("units", units, 1, Accelerator.MAX_COUNT);
      range("filtersPerUnit", filtersPerUnit, 1, Accelerator.MAX_COUNT);
      range("lanes", lanes, 1, Accelerator.MAX_LANES);
      range("brick", brick, 1, Accelerator.MAX_BRICK);
      range("pipelineLatency", pipelineLatency, 0, Accelerator.MAX_LATENCY);
      try {
        assignment.ifPresent(LaneAssignment::of);
      } catch (InputException e) {
        throw new InvalidValue("assignment", e.getMessage());
      }
    }

    private static void range(String key, Optional<Integer> value, int least, int most) {
      if (value.isPresent() && (value.get() < least || value.get() > most)) {
        throw new InvalidValue(key, Text.of("%d is outside %d…%d", value.get(), least, most));
      }
    }

    Accelerator accelerator() {
      var base = Accelerator.ISCA_2016;
      return new Accelerator(
          units.orElse(base.units()),
          filtersPerUnit.orElse(base.filtersPerUnit()),
          lanes.orElse(base.lanes()),
          brick.orElse(base.brick()),
          assignment.map(LaneAssignment::of).orElse(base.assignment()),
          pipelineLatency.orElse(base.pipelineLatency()),
          encodeFirstLayer.orElse(base.encodeFirstLayer()),
          encodeFullyConnected.orElse(base.encodeFullyConnected()));
    }
  }

  /** Picojoules of the accesses of each machine. */
  public record Energy(AccessEnergy baseline, AccessEnergy cnvlutin) {}

  /**
   * The faults: as those of a campaign, map t being that of its trial t.
   *
   * @param rates above 0: without faults everything is simulated anyway
   * @param maps of each kind × rate, {@code 0 … maps − 1}
   */
  public record Faults(
      List<String> kinds,
      List<Double> rates,
      int maps,
      Optional<String> encoding,
      Optional<List<String>> layers,
      Optional<List<Integer>> bits) {
    private static final int MOST_MAPS = 1_000_000;

    public Faults {
      var checked = new CampaignConfig.Faults(kinds, rates, encoding, layers, bits);
      kinds = checked.kinds();
      rates = checked.rates();
      for (int i = 0; i < rates.size(); i++) {
        if (rates.get(i) == 0) {
          throw new InvalidValue("rates[" + i + "]", "0 is simulated in any case; leave it out");
        }
      }
      if (maps < 1 || maps > MOST_MAPS) {
        throw new InvalidValue("maps", Text.of("%d is outside 1…%d", maps, MOST_MAPS));
      }
    }

    /** The same without the number of maps. */
    public CampaignConfig.Faults memory() {
      return new CampaignConfig.Faults(kinds, rates, encoding, layers, bits);
    }
  }
}
