package org.bitquake.jobs.injection;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.pattern.Chip.Measure;
import org.bitquake.fault.pattern.Profile;
import org.bitquake.jobs.config.Rates;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.memory.OperatingPoint;
import org.bitquake.memory.VoltageCurve;

/**
 * The fault rates of a configuration.
 *
 * @param rates in the order of the configuration, each once
 * @param points of the memory that they are those of, one each; none where rates were listed
 */
public record RateList(List<Double> rates, List<OperatingPoint> points) {
  private static final String KEY = "faults.rates";
  private static final int MAX_BYTES = 1 << 20;

  /**
   * Makes them.
   *
   * @param document that has them under the key {@code faults.rates}
   * @param rates empty for those that measured chips have
   * @param models of the same document; measured chips among them bound the rates
   * @throws InputException that names line and key, or file and line of the curve
   */
  public static RateList of(
      Yaml.Document<?> document,
      Optional<Rates> rates,
      List<MemoryModel> models,
      Configuration hadoop) {
    var list =
        rates
            .map(its -> of(document, its, models, hadoop))
            .orElseGet(() -> asMeasured(document, models));
    for (var model : models) {
      if (model.faults().pattern() instanceof Profile chips) {
        requireMeasured(document, list, model.name(), chips);
      }
    }
    return list;
  }

  private static RateList of(
      Yaml.Document<?> document, Rates rates, List<MemoryModel> models, Configuration hadoop) {
    return rates
        .ofVoltages()
        .map(
            its ->
                its.curve().isPresent()
                    ? byCurve(document, its, its.curve().get(), hadoop)
                    : byThresholds(document, its, models))
        .orElseGet(() -> new RateList(List.copyOf(rates.listed().orElseThrow()), List.of()));
  }

  /** The one rate of chips with probabilities. */
  private static RateList asMeasured(Yaml.Document<?> document, List<MemoryModel> models) {
    var chips = profiles(models, Measure.PROBABILITY);
    if (chips.isEmpty()) {
      throw document.error(
          KEY, "missing; chips with threshold voltages need rates: {voltages: [0.6, …]}");
    }
    double least = chips.stream().mapToDouble(Profile::most).min().orElseThrow();
    if (chips.stream().anyMatch(its -> its.most() != least)) {
      throw document.error(
          KEY,
          Text.of(
              "missing; the profiles were measured at different rates, %s: give rates up to %s, or a"
                  + " campaign to each",
              chips.stream().map(its -> "" + its.most()).collect(Collectors.joining(", ")), least));
    }
    return new RateList(List.of(least), List.of());
  }

  private static List<Profile> profiles(List<MemoryModel> models, Measure measure) {
    List<Profile> profiles = new ArrayList<>();
    for (var model : models) {
      if (model.faults().pattern() instanceof Profile its && its.measure() == measure) {
        profiles.add(its);
      }
    }
    return profiles;
  }

  private static RateList byThresholds(
      Yaml.Document<?> document, Rates.ByVoltage its, List<MemoryModel> models) {
    var chips = profiles(models, Measure.THRESHOLD);
    if (chips.isEmpty()) {
      throw document.error(
          KEY, "neither a curve, nor a pattern profile of chips with threshold voltages; give one");
    }
    return byVoltage(
        document,
        its,
        voltage -> {
          double rate = chips.get(0).rateAt(voltage);
          for (var other : chips) {
            if (other.rateAt(voltage) != rate) {
              throw new IllegalArgumentException(
                  Text.of(
                      "cells of one profile fail with %s there, of another with %s; give a campaign"
                          + " to each",
                      rate, other.rateAt(voltage)));
            }
          }
          return new OperatingPoint(voltage, rate, OptionalDouble.empty());
        });
  }

  private static RateList byCurve(
      Yaml.Document<?> document, Rates.ByVoltage its, String file, Configuration hadoop) {
    var curve = curve(document, file, hadoop);
    return byVoltage(
        document,
        its,
        voltage -> {
          try {
            return curve.at(voltage);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(Text.of("%s: %s", file, e.getMessage()), e);
          }
        });
  }

  private static RateList byVoltage(
      Yaml.Document<?> document, Rates.ByVoltage its, DoubleFunction<OperatingPoint> at) {
    List<OperatingPoint> points = new ArrayList<>();
    for (int i = 0; i < its.voltages().size(); i++) {
      String key = KEY + ".voltages[" + i + "]";
      OperatingPoint point;
      try {
        point = at.apply(its.voltages().get(i));
      } catch (IllegalArgumentException e) {
        throw document.error(key, e.getMessage());
      }
      for (var other : points) {
        if (other.rate() == point.rate()) {
          throw document.error(
              key,
              Text.of(
                  "cells fail with %s there, as at %s; leave one out",
                  point.rate(), other.voltage()));
        }
      }
      points.add(point);
    }
    return new RateList(
        points.stream().map(OperatingPoint::rate).collect(Collectors.toUnmodifiableList()),
        List.copyOf(points));
  }

  /** What no chip was measured at is not made up. */
  private static void requireMeasured(
      Yaml.Document<?> document, RateList list, String model, Profile chips) {
    for (int i = 0; i < list.rates().size(); i++) {
      if (list.rates().get(i) > chips.most()) {
        throw document.error(
            KEY + (list.points().isEmpty() ? "[" : ".voltages[") + i + "]",
            Text.of(
                "a rate of %s, but the chips of %s fail at %s at most; give that or a lower one",
                list.rates().get(i), model, chips.most()));
      }
    }
  }

  private static VoltageCurve curve(Yaml.Document<?> document, String file, Configuration hadoop) {
    String key = KEY + ".curve";
    Path path = document.beside(key, file);
    try (var in = path.getFileSystem(hadoop).open(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw document.error(key, path + ": longer than 1 MiB, not a curve");
      }
      return VoltageCurve.parse(new String(bytes, StandardCharsets.UTF_8), file);
    } catch (FileNotFoundException e) {
      throw document.error(key, path + ": no such file");
    } catch (IOException e) {
      throw document.error(key, path + ": cannot be read: " + e.getMessage());
    }
  }
}
