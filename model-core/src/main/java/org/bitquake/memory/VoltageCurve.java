package org.bitquake.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.commons.math3.util.FastMath;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * How often a memory's cells fail at each supply voltage: measured points, between which log₁₀ of
 * the failure probability, and the energy of an access, are linear in the voltage.
 *
 * <p>A probability of 0 says that no failure was seen. It holds at its own point; between it and
 * the next point nothing is known, and nothing is made up.
 *
 * <p>Logarithms come from {@link FastMath} (plain Java arithmetic), so rates are the same bits on
 * every machine.
 *
 * @param points by voltage, lowest first; probabilities fall strictly until they are 0
 */
public record VoltageCurve(List<OperatingPoint> points) {
  private static final String VOLTAGE = "voltage";
  private static final String PLAIN = "failure_probability";
  private static final String LOG = "log10_failure_probability";
  private static final String ENERGY = "energy";
  private static final int MOST_POINTS = 10_000;

  public VoltageCurve {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException("a curve without a point");
    }
  }

  /**
   * Reads a table of comma-separated values. Lines that begin with {@code #} are comments; the
   * first other line names the columns: {@code voltage}, then {@code failure_probability} or {@code
   * log10_failure_probability}, then perhaps {@code energy}. Points may be in either order.
   *
   * @param file what to call it
   * @throws InputException that names file and line
   */
  public static VoltageCurve parse(String text, String file) {
    return new Reader(file).read(text);
  }

  /**
   * The point at a voltage.
   *
   * @throws IllegalArgumentException if the curve does not reach it, or does not tell
   */
  public OperatingPoint at(double voltage) {
    for (int i = 0; i < points.size(); i++) {
      var next = points.get(i);
      if (next.voltage() == voltage) {
        return next;
      }
      if (i > 0 && points.get(i - 1).voltage() < voltage && voltage < next.voltage()) {
        return between(points.get(i - 1), next, voltage);
      }
    }
    throw new IllegalArgumentException(
        Text.of(
            "the curve goes from %s to %s and does not reach %s",
            points.get(0).voltage(), points.get(points.size() - 1).voltage(), voltage));
  }

  private static OperatingPoint between(OperatingPoint low, OperatingPoint high, double voltage) {
    if (high.rate() == 0) {
      throw new IllegalArgumentException(
          Text.of(
              "between %s and %s the curve says only that fewer cells fail than at %s; give a voltage up to %s, or one where it says 0",
              low.voltage(), high.voltage(), low.voltage(), low.voltage()));
    }
    double way = (voltage - low.voltage()) / (high.voltage() - low.voltage());
    double from = FastMath.log10(low.rate());
    double rate = FastMath.pow(10, from + way * (FastMath.log10(high.rate()) - from));
    var energy =
        low.energy().isPresent() && high.energy().isPresent()
            ? OptionalDouble.of(
                low.energy().getAsDouble()
                    + way * (high.energy().getAsDouble() - low.energy().getAsDouble()))
            : OptionalDouble.empty();
    return new OperatingPoint(voltage, rate, energy);
  }

  /** Reads one file, and knows the line that it is at. */
  private static final class Reader {
    private final String file;
    private int line;

    Reader(String file) {
      this.file = file;
    }

    VoltageCurve read(String text) {
      List<String> columns = List.of();
      List<OperatingPoint> points = new ArrayList<>();
      List<Integer> lines = new ArrayList<>();
      for (String its : text.split("\n", -1)) {
        line++;
        String row = its.strip();
        if (row.isEmpty() || row.startsWith("#")) {
          continue;
        }
        List<String> cells = Arrays.stream(row.split(",", -1)).map(String::strip).toList();
        if (columns.isEmpty()) {
          columns = heading(cells);
        } else {
          points.add(point(columns, cells));
          lines.add(line);
        }
        if (points.size() > MOST_POINTS) {
          throw error(Text.of("more than %d points", MOST_POINTS));
        }
      }
      if (points.size() < 2) {
        throw error(Text.of("a curve has two points at least, not %d", points.size()));
      }
      requireMonotone(points, lines);
      points.sort(Comparator.comparingDouble(OperatingPoint::voltage));
      return new VoltageCurve(points);
    }

    private List<String> heading(List<String> cells) {
      boolean known =
          cells.equals(List.of(VOLTAGE, PLAIN))
              || cells.equals(List.of(VOLTAGE, LOG))
              || cells.equals(List.of(VOLTAGE, PLAIN, ENERGY))
              || cells.equals(List.of(VOLTAGE, LOG, ENERGY));
      if (!known) {
        throw error(
            Text.of(
                "the columns are %s; write %s, then %s or %s, then %s where it is known",
                String.join(",", cells), VOLTAGE, PLAIN, LOG, ENERGY));
      }
      return cells;
    }

    private OperatingPoint point(List<String> columns, List<String> cells) {
      if (cells.size() != columns.size()) {
        throw error(Text.of("%d values, not %d", cells.size(), columns.size()));
      }
      double voltage = number(cells.get(0), VOLTAGE);
      double second = number(cells.get(1), columns.get(1));
      double rate = columns.get(1).equals(LOG) ? FastMath.pow(10, second) : second;
      if (!(voltage > 0)) {
        throw error(Text.of("a voltage of %s; give one above 0", voltage));
      }
      if (!(rate >= 0 && rate <= 1)) {
        throw error(Text.of("a failure probability of %s is outside 0…1", rate));
      }
      var energy =
          cells.size() == 3
              ? OptionalDouble.of(number(cells.get(2), ENERGY))
              : OptionalDouble.empty();
      if (energy.isPresent() && !(energy.getAsDouble() >= 0)) {
        throw error(Text.of("an energy of %s; give one from 0", energy.getAsDouble()));
      }
      return new OperatingPoint(voltage, rate, energy);
    }

    private double number(String cell, String column) {
      if (!cell.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
        throw error(Text.of("%s is \"%s\", not a number", column, cell));
      }
      return Double.parseDouble(cell);
    }

    private void requireMonotone(List<OperatingPoint> points, List<Integer> lines) {
      boolean up = points.get(1).voltage() > points.get(0).voltage();
      for (int i = 1; i < points.size(); i++) {
        line = lines.get(i);
        var low = points.get(up ? i - 1 : i);
        var high = points.get(up ? i : i - 1);
        if (!(low.voltage() < high.voltage())) {
          throw error("voltages neither rise nor fall from line to line");
        }
        if (!(low.rate() > high.rate() || high.rate() == 0)) {
          throw error(
              Text.of(
                  "not monotone: cells fail with %s at %s, but with %s at %s",
                  low.rate(), low.voltage(), high.rate(), high.voltage()));
        }
      }
    }

    private InputException error(String message) {
      return new InputException(Text.of("%s:%d: %s", file, line, message));
    }
  }
}
