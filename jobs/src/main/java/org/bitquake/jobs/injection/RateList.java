package org.bitquake.jobs.injection;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
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
   * @throws InputException that names line and key, or file and line of the curve
   */
  public static RateList of(Yaml.Document<?> document, Rates rates, Configuration hadoop) {
    return rates
        .ofVoltages()
        .map(its -> byVoltage(document, its, hadoop))
        .orElseGet(() -> new RateList(List.copyOf(rates.listed().orElseThrow()), List.of()));
  }

  private static RateList byVoltage(
      Yaml.Document<?> document, Rates.ByVoltage its, Configuration hadoop) {
    var curve = curve(document, its.curve(), hadoop);
    List<OperatingPoint> points = new ArrayList<>();
    for (int i = 0; i < its.voltages().size(); i++) {
      String key = KEY + ".voltages[" + i + "]";
      OperatingPoint point;
      try {
        point = curve.at(its.voltages().get(i));
      } catch (IllegalArgumentException e) {
        throw document.error(key, Text.of("%s: %s", its.curve(), e.getMessage()));
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
