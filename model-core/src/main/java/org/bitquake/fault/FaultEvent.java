package org.bitquake.fault;

import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * What fails together as one single fault.
 *
 * @param form whether it is a block of cells or a whole line of an array
 * @param rows of a block, 1 of a line
 * @param columns of a block, 1 of a line
 */
public record FaultEvent(Form form, int rows, int columns) {
  /** Of cells. */
  public enum Form {
    BLOCK,
    ROW,
    COLUMN
  }

  /** One cell alone. */
  public static final FaultEvent CELL = new FaultEvent(Form.BLOCK, 1, 1);

  public static final FaultEvent ROW = new FaultEvent(Form.ROW, 1, 1);
  public static final FaultEvent COLUMN = new FaultEvent(Form.COLUMN, 1, 1);

  /** Rows or columns of a block, at most. */
  public static final int LARGEST = 1024;

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");

  public FaultEvent {
    if (rows < 1 || columns < 1 || rows > LARGEST || columns > LARGEST) {
      throw new IllegalArgumentException(
          Text.of("an event of %dx%d cells; give 1 to %d of each", rows, columns, LARGEST));
    }
  }

  /**
   * The event of that label.
   *
   * @throws InputException if there is none
   */
  public static FaultEvent of(String label) {
    for (var word : new FaultEvent[] {CELL, ROW, COLUMN}) {
      if (word.label().equals(label)) {
        return word;
      }
    }
    var size = SIZE.matcher(label);
    if (!size.matches() || label.equals("1x1")) {
      throw new InputException(
          Text.of(
              "unknown event \"%s\"; there are cell, row, column, and blocks of rows x columns, such"
                  + " as 2x2",
              label));
    }
    try {
      return new FaultEvent(
          Form.BLOCK, Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
    } catch (IllegalArgumentException e) {
      throw new InputException(e.getMessage(), e);
    }
  }

  /** The name used in configurations and tables: {@code cell}, {@code row}, {@code 2x2}. */
  public String label() {
    return switch (form) {
      case ROW -> "row";
      case COLUMN -> "column";
      case BLOCK -> rows * columns == 1 ? "cell" : rows + "x" + columns;
    };
  }

  /**
   * Checks that arrays of a form have room for it.
   *
   * @throws IllegalArgumentException if they have not
   */
  public void requireFits(int arrayRows, int arrayColumns) {
    if (rows > arrayRows || columns > arrayColumns) {
      throw new IllegalArgumentException(
          Text.of(
              "a block of %s cells is larger than an array of %dx%d",
              label(), arrayRows, arrayColumns));
    }
  }
}
