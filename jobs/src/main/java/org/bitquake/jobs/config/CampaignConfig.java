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
 *
 * @param name for people
 * @param seed of all random numbers
 * @param networks at least one; paths relative to the configuration file
 * @param data the labelled images
 * @param faults what goes wrong, and how often
 * @param trials how many
 * @param images of the data set looked at in each trial, drawn anew for each
 * @param confidence level of the intervals; 0.95 if left out
 * @param output directory of the tables, relative to the working directory
 */
public record CampaignConfig(
    String name,
    long seed,
    List<NetworkSource> networks,
    DataSource data,
    Faults faults,
    Trials trials,
    Images images,
    Optional<Double> confidence,
    String output) {
  /** The confidence level of intervals where the file gives none. */
  public static final double DEFAULT_CONFIDENCE = 0.95;

  public CampaignConfig {
    Checks.notBlank("name", name);
    Checks.notBlank("output", output);
    networks = Checks.notEmpty("networks", networks);
    if (trials.perCell().isPresent() == trials.until().isPresent()) {
      throw new InvalidValue("trials", "needs either perCell or until");
    }
    confidence = Optional.of(confidence.orElse(DEFAULT_CONFIDENCE));
    if (!(confidence.get() > 0 && confidence.get() < 1)) {
      throw new InvalidValue("confidence", confidence.get() + " is not between 0 and 1");
    }
  }

  /**
   * The faults.
   *
   * @param kinds labels of {@link FaultKind}
   * @param rates probability of each cell to be faulty, 0 … 1, in the order of the report
   * @param encoding label of an {@link Encoding}; two's complement if left out
   * @param layers names of the weight layers that may be faulty; all if left out
   * @param bits positions that may be faulty, 0 the least significant; all if left out
   */
  public record Faults(
      List<String> kinds,
      List<Double> rates,
      Optional<String> encoding,
      Optional<List<String>> layers,
      Optional<List<Integer>> bits) {
    public Faults {
      kinds = Checks.distinct("kinds", kinds);
      rates = Checks.distinct("rates", rates);
      layers = layers.map(l -> Checks.distinct("layers", l));
      bits = bits.map(b -> Checks.distinct("bits", b));
      encoding = Optional.of(encoding.orElse(Encoding.TWOS_COMPLEMENT.label()));
      Checks.label("encoding", Encoding::of, encoding.get());
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

  /**
   * How many trials: a number, or as many as it takes.
   *
   * @param perCell trials of each network × kind × rate
   * @param until what each of them goes on to
   */
  public record Trials(Optional<Long> perCell, Optional<Until> until) {
    private static final long MOST = 1_000_000_000L;

    public Trials {
      perCell.ifPresent(number -> requireTrials("perCell", number));
    }

    static void requireTrials(String key, long number) {
      if (number < 2 || number > MOST) {
        throw new InvalidValue(
            key, number + " is outside 2…1000000000 (an interval needs two trials)");
      }
    }
  }

  /**
   * When a network × kind × rate has trials enough.
   *
   * @param halfWidth of its confidence interval, such as 0.005 for ± 0.5 %
   * @param max trials that it may have at most; {@link #DEFAULT_MAX} if left out
   */
  public record Until(double halfWidth, Optional<Long> max) {
    /** Trials of a cell at most, where the file gives no number. */
    public static final long DEFAULT_MAX = 100_000;

    public Until {
      if (!(halfWidth > 0 && halfWidth < 0.5)) {
        throw new InvalidValue(
            "halfWidth", halfWidth + " is not between 0 and 0.5; write ± 1 % as 0.01");
      }
      max = Optional.of(max.orElse(DEFAULT_MAX));
      Trials.requireTrials("max", max.get());
    }
  }

  /**
   * How many images a trial looks at: a number, {@code all}, or {@code auto}: what costs least.
   *
   * @param count empty for all and auto
   */
  public record Images(Optional<Integer> count, boolean auto) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(int count) {
      if (count < 1) {
        throw new IllegalArgumentException(count + " images; write a positive number, all or auto");
      }
      return new Images(Optional.of(count), false);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Images of(String word) {
      if (!word.equals("all") && !word.equals("auto")) {
        throw new IllegalArgumentException(
            Text.of(
                "\"%s\" is not a number of images; write a positive number, all or auto", word));
      }
      return new Images(Optional.empty(), word.equals("auto"));
    }
  }
}
