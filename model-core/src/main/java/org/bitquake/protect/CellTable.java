package org.bitquake.protect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;

/**
 * Reads a {@link CellList} from a table of comma-separated values: {@code layer,filter,index,bit},
 * as other tables name cells, then a line for each cell. Lines that begin with {@code #} are
 * comments.
 */
public final class CellTable {
  private static final List<String> COLUMNS = List.of("layer", "filter", "index", "bit");
  private static final String HEADING = String.join(",", COLUMNS);
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

  private final String file;
  private final List<String> layers = new ArrayList<>();
  private final List<CellList.Cell> cells = new ArrayList<>();
  private int line;

  private CellTable(String file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param file what to call it in messages
   * @param name of it, without folders
   * @throws InputException that names file and line
   */
  public static CellList parse(byte[] bytes, String file, String name) {
    return new CellTable(file).read(bytes, name);
  }

  private CellList read(byte[] bytes, String name) {
    boolean isHeaded = false;
    for (String its : Text.utf8(bytes, file).split("\n", -1)) {
      line++;
      String row = its.strip();
      if (row.isEmpty() || row.startsWith("#")) {
        continue;
      }
      List<String> values = Arrays.stream(row.split(",", -1)).map(String::strip).toList();
      if (isHeaded) {
        add(values);
      } else if (values.equals(COLUMNS)) {
        isHeaded = true;
      } else {
        throw error(Text.of("the columns are %s; write %s", String.join(",", values), HEADING));
      }
    }
    if (cells.isEmpty()) {
      throw error(
          isHeaded
              ? "no cell; list those that are hardened"
              : Text.of("an empty file; write %s, then a line for each cell", HEADING));
    }
    return new CellList(name, Sha256.hex(bytes), file, layers, cells);
  }

  private void add(List<String> values) {
    if (values.size() != COLUMNS.size()) {
      throw error(Text.of("%d values, not %d: %s", values.size(), COLUMNS.size(), HEADING));
    }
    if (cells.size() == CellList.MOST_CELLS) {
      throw error(Text.of("more than %d cells; harden bits or layers", CellList.MOST_CELLS));
    }
    int bit = whole(values, 3);
    if (bit >= Encoding.MAX_BITS) {
      throw error(Text.of("bit %d is outside 0…%d", bit, Encoding.MAX_BITS - 1));
    }
    cells.add(
        new CellList.Cell(line, layer(values.get(0)), whole(values, 1), whole(values, 2), bit));
  }

  private int layer(String name) {
    int last = layers.size() - 1;
    if (last >= 0 && layers.get(last).equals(name)) {
      return last; // as nearly always, so that many names are no matter
    }
    int known = layers.indexOf(name);
    if (known < 0) {
      layers.add(name);
    }
    return known < 0 ? last + 1 : known;
  }

  private int whole(List<String> values, int column) {
    String value = values.get(column);
    if (!WHOLE.matcher(value).matches()) {
      throw error(Text.of("%s is \"%s\", not a whole number", COLUMNS.get(column), value));
    }
    return Integer.parseInt(value);
  }

  private InputException error(String message) {
    return new InputException(Text.of("%s:%d: %s", file, line, message));
  }
}
