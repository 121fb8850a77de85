package org.bitquake.fault.pattern;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.bitquake.Text;

/**
 * A memory chip whose faulty cells were measured: for each either how probably it fails, or the
 * supply voltage below which it does. Cells that are not listed never fail. Equal chips have equal
 * names and contents.
 */
public final class Chip implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String name;
  private final String sha256;
  private final Form form;
  private final Measure measure;

  /** Where the cells of each row begin, rows of all arrays numbered through; and their end. */
  private final int[] starts;

  private final int[] columns;
  private final byte[] effects;
  private final double[] values;

  /** What a file says of each cell. */
  public enum Measure {
    /** How probably it is faulty, 0 to 1. */
    PROBABILITY("probability"),
    /** It is faulty at every lower supply voltage. */
    THRESHOLD("threshold_voltage");

    private final String label;

    Measure(String label) {
      this.label = label;
    }

    /** The column of that name. */
    public String label() {
      return label;
    }
  }

  /** Arrays of a chip, and rows and columns of each. */
  public record Form(int arrays, int rows, int columns) implements Serializable {
    /** The most cells of a chip, faulty or not. */
    public static final long MOST_CELLS = 1L << 30;

    /** The most rows of all its arrays. */
    public static final long MOST_ROWS = 1L << 22;

    public Form {
      if (arrays < 1
          || rows < 1
          || columns < 1
          || (long) arrays * rows > MOST_ROWS
          || (long) arrays * rows * columns > MOST_CELLS) {
        throw new IllegalArgumentException(
            Text.of(
                "%d arrays of %d x %d cells; give at least 1 of each, at most %d rows and %d cells",
                arrays, rows, columns, MOST_ROWS, MOST_CELLS));
      }
    }

    /** Rows of all arrays. */
    public int allRows() {
      return arrays * rows;
    }

    /** Cells of all arrays. */
    public long cells() {
      return (long) allRows() * columns;
    }
  }

  /**
   * Made by {@link ChipBuilder}, which checks what it is given.
   *
   * @param starts of each row in the other three, and their length
   * @param columns of the cells, ascending in each row
   */
  Chip(
      String name,
      String sha256,
      Form form,
      Measure measure,
      int[] starts,
      int[] columns,
      byte[] effects,
      double[] values) {
    this.name = name;
    this.sha256 = sha256;
    this.form = form;
    this.measure = measure;
    this.starts = starts;
    this.columns = columns;
    this.effects = effects;
    this.values = values;
  }

  /** Name of its file, without folders. */
  public String name() {
    return name;
  }

  /** Of its file, in hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  public Form form() {
    return form;
  }

  public Measure measure() {
    return measure;
  }

  /** Number of cells that are listed. */
  public int size() {
    return columns.length;
  }

  /** Position of the first cell of a row or a later one, rows of all arrays numbered through. */
  int start(int row) {
    return starts[row];
  }

  int column(int position) {
    return columns[position];
  }

  double value(int position) {
    return values[position];
  }

  double[] values() {
    return values.clone();
  }

  /** What a listed cell does: a position in {@link ChipBuilder#EFFECTS}. */
  int effect(int row, int column) {
    int position = Arrays.binarySearch(columns, starts[row], starts[row + 1], column);
    if (position < 0) {
      throw new IllegalArgumentException(
          Text.of("%s lists no cell in row %d, column %d", name, row, column));
    }
    return effects[position];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Chip its && name.equals(its.name) && sha256.equals(its.sha256);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, sha256);
  }

  @Override
  public String toString() {
    return name;
  }
}
