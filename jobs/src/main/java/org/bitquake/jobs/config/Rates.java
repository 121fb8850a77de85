package org.bitquake.jobs.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.Optional;

/**
 * Fault rates in a configuration: a list, or those of a memory at some voltages.
 *
 * @param listed the list, where it is one
 * @param ofVoltages the other form
 */
public record Rates(Optional<List<Double>> listed, Optional<ByVoltage> ofVoltages) {
  /** Rates of a memory at voltages. */
  public record ByVoltage(
      @Key(
              value =
                  "file of comma-separated voltage, failure_probability or"
                      + " log10_failure_probability, perhaps energy; relative to the configuration"
                      + " file",
              otherwise = "the voltages are those of chips with thresholds (pattern profile)")
          Optional<String> curve,
      @Key(value = "supply voltages, in the unit of curve or chips", above = 0)
          List<Double> voltages) {
    public ByVoltage {
      curve.ifPresent(its -> Checks.notBlank("curve", its));
      voltages = Checks.distinct("voltages", voltages);
      for (int i = 0; i < voltages.size(); i++) {
        if (!(voltages.get(i) > 0)) {
          throw new InvalidValue("voltages[" + i + "]", voltages.get(i) + " is not above 0");
        }
      }
    }
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Rates of(List<Double> listed) {
    return new Rates(Optional.of(listed), Optional.empty());
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Rates of(ByVoltage byVoltage) {
    return new Rates(Optional.empty(), Optional.of(byVoltage));
  }
}
