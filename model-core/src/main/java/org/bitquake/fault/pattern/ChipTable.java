package org.bitquake.fault.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.fault.pattern.Chip.Form;
import org.bitquake.fault.pattern.Chip.Measure;

/**
 * Reads a {@link Chip} from a table of comma-separated values. Lines that begin with {@code #} are
 * comments; three of them, before the heading, say what the chip has: {@code # arrays: 1}, {@code #
 * rows: 256}, {@code # columns: 128}. The heading is {@code array,row,column,effect}, then {@code
 * probability} or {@code threshold_voltage}; a line for each cell that can fail follows.
 */
public final class ChipTable {
  /** Bytes of a file, at most. */
  public static final int MAX_BYTES = 1 << 26;

  private static final List<String> PLACE = List.of("array", "row", "column", "effect");
  private static final Pattern DECLARATION =
      Pattern.compile("#\\s*(arrays|rows|columns)\\s*:\\s*(\\S+)\\s*");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?");

  private final String file;
  private final Map<String, Integer> declared = new HashMap<>();
  private int line;
  private Optional<ChipBuilder> cells = Optional.empty();

  private ChipTable(String file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param file what to call it in messages
   * @param name what to call the chip
   * @throws InputException that names file and line
   */
  public static Chip parse(byte[] bytes, String file, String name) {
    return new ChipTable(file).read(bytes, name);
  }

  private Chip read(byte[] bytes, String name) {
    for (String its : Text.utf8(bytes, file).split("\n", -1)) {
      line++;
      String row = its.strip();
      if (row.startsWith("#")) {
        comment(row);
      } else if (!row.isEmpty()) {
        List<String> values = Arrays.stream(row.split(",", -1)).map(String::strip).toList();
        if (cells.isEmpty()) {
          cells = Optional.of(heading(values));
        } else {
          cell(cells.get(), values);
        }
      }
    }
    if (cells.isEmpty()) {
      throw error("an empty file, not a chip");
    }
    try {
      return cells.get().build(name, Sha256.hex(bytes));
    } catch (ChipBuilder.Twice e) {
      line = e.line();
      throw error(e.getMessage());
    } catch (IllegalArgumentException e) {
      throw error(e.getMessage());
    }
  }

  private void comment(String row) {
    var declaration = DECLARATION.matcher(row);
    if (declaration.matches()) {
      String what = declaration.group(1);
      if (cells.isPresent()) {
        throw error(Text.of("%s are declared before the heading", what));
      }
      if (declared.put(what, whole(declaration.group(2), what)) != null) {
        throw error(Text.of("%s a second time", what));
      }
    }
  }

  private ChipBuilder heading(List<String> names) {
    List<Measure> measures = new ArrayList<>();
    for (var measure : Measure.values()) {
      if (names.contains(measure.label())) {
        measures.add(measure);
      }
    }
    if (measures.size() != 1
        || names.size() != PLACE.size() + 1
        || !names.subList(0, PLACE.size()).equals(PLACE)) {
      throw error(
          Text.of(
              "the columns are %s; write %s, then either %s or %s",
              String.join(",", names),
              String.join(",", PLACE),
              Measure.PROBABILITY.label(),
              Measure.THRESHOLD.label()));
    }
    try {
      return new ChipBuilder(
          new Form(declared("arrays"), declared("rows"), declared("columns")), measures.get(0));
    } catch (IllegalArgumentException e) {
      throw error(e.getMessage());
    }
  }

  private int declared(String what) {
    if (!declared.containsKey(what)) {
      throw error(Text.of("nothing says how many %s; write a line # %s: 256 above", what, what));
    }
    return declared.get(what);
  }

  private void cell(ChipBuilder builder, List<String> values) {
    if (values.size() != PLACE.size() + 1) {
      throw error(Text.of("%d values, not %d", values.size(), PLACE.size() + 1));
    }
    long array = whole(values.get(0), "array");
    long row = whole(values.get(1), "row");
    long column = whole(values.get(2), "column");
    String number = values.get(4);
    if (!NUMBER.matcher(number).matches()) {
      throw error(Text.of("\"%s\" is not a number", number));
    }
    try {
      builder.add(line, array, row, column, values.get(3), Double.parseDouble(number));
    } catch (IllegalArgumentException e) {
      throw error(e.getMessage());
    }
  }

  private int whole(String value, String what) {
    if (!WHOLE.matcher(value).matches()) {
      throw error(Text.of("%s is \"%s\", not a whole number", what, value));
    }
    return Integer.parseInt(value);
  }

  private InputException error(String message) {
    return new InputException(Text.of("%s:%d: %s", file, line, message));
  }
}
