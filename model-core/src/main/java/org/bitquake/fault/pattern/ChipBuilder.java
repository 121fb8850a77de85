package org.bitquake.fault.pattern;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.pattern.Chip.Form;
import org.bitquake.fault.pattern.Chip.Measure;

/** Takes the faulty cells of a {@link Chip} one after another, in any order. */
public final class ChipBuilder {
  /** What a faulty cell may do, in the order of variants of {@link Profile}. */
  public static final List<FaultKind> EFFECTS =
      List.of(FaultKind.STUCK_AT_0, FaultKind.STUCK_AT_1, FaultKind.BIT_FLIP);

  /** Cells that a file may list. */
  public static final int MOST_LISTED = 1 << 20;

  private static final int FIRST_CAPACITY = 1024;

  private final Form form;
  private final Measure measure;
  private int size;
  private int[] addresses = new int[FIRST_CAPACITY];
  private byte[] effects = new byte[FIRST_CAPACITY];
  private double[] values = new double[FIRST_CAPACITY];
  private int[] lines = new int[FIRST_CAPACITY];

  public ChipBuilder(Form form, Measure measure) {
    this.form = form;
    this.measure = measure;
  }

  /**
   * Takes a cell.
   *
   * @param line of the file
   * @param effect a label of {@link #EFFECTS}
   * @param value its probability or threshold voltage
   * @throws IllegalArgumentException if there is no such cell, effect or value
   */
  public void add(int line, long array, long row, long column, String effect, double value) {
    require("array", array, form.arrays());
    require("row", row, form.rows());
    require("column", column, form.columns());
    if (measure == Measure.PROBABILITY && !(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(Text.of("a probability of %s is outside 0…1", value));
    }
    if (measure == Measure.THRESHOLD && !(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          Text.of("a threshold voltage of %s; give one above 0", value));
    }
    if (size == MOST_LISTED) {
      throw new IllegalArgumentException(Text.of("more than %d cells", MOST_LISTED));
    }
    if (size == addresses.length) {
      grow();
    }
    addresses[size] = (int) ((array * form.rows() + row) * form.columns() + column);
    effects[size] = effect(effect);
    values[size] = value;
    lines[size++] = line;
  }

  private void grow() {
    addresses = Arrays.copyOf(addresses, 2 * size);
    effects = Arrays.copyOf(effects, 2 * size);
    values = Arrays.copyOf(values, 2 * size);
    lines = Arrays.copyOf(lines, 2 * size);
  }

  private static void require(String what, long value, int count) {
    if (value < 0 || value >= count) {
      throw new IllegalArgumentException(
          Text.of("%s %d; the chip has %ss 0 to %d", what, value, what, count - 1));
    }
  }

  private static byte effect(String label) {
    for (byte i = 0; i < EFFECTS.size(); i++) {
      if (EFFECTS.get(i).label().equals(label)) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        Text.of(
            "unknown effect \"%s\"; there are %s",
            label, EFFECTS.stream().map(FaultKind::label).collect(Collectors.joining(", "))));
  }

  /** A cell that two lines name. */
  static final class Twice extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final int line;

    Twice(int line, String message) {
      super(message);
      this.line = line;
    }

    int line() {
      return line;
    }
  }

  /**
   * The chip of all cells so far.
   *
   * @param name of its file
   * @param sha256 of its file
   * @throws IllegalArgumentException if there is none that ever fails, or one is there twice
   */
  public Chip build(String name, String sha256) {
    if (Arrays.stream(values, 0, size).noneMatch(value -> value > 0)) {
      throw new IllegalArgumentException("no cell that ever fails; list those that do");
    }
    int[] order =
        IntStream.range(0, size)
            .mapToLong(i -> ((long) addresses[i] << Integer.SIZE) | i)
            .sorted()
            .mapToInt(key -> (int) key)
            .toArray();
    int[] starts = new int[form.allRows() + 1];
    int[] columns = new int[size];
    byte[] itsEffects = new byte[size];
    double[] itsValues = new double[size];
    for (int i = 0; i < size; i++) {
      int cell = order[i];
      if (i > 0 && addresses[cell] == addresses[order[i - 1]]) {
        throw twice(Math.max(lines[cell], lines[order[i - 1]]), addresses[cell]);
      }
      starts[addresses[cell] / form.columns() + 1]++;
      columns[i] = addresses[cell] % form.columns();
      itsEffects[i] = effects[cell];
      itsValues[i] = values[cell];
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    return new Chip(name, sha256, form, measure, starts, columns, itsEffects, itsValues);
  }

  private Twice twice(int line, int address) {
    int row = address / form.columns();
    return new Twice(
        line,
        Text.of(
            "array %d, row %d, column %d a second time",
            row / form.rows(), row % form.rows(), address % form.columns()));
  }
}
