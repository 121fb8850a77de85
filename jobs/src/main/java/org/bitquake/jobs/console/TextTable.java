package org.bitquake.jobs.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bitquake.Text;
import org.jline.utils.WCWidth;

/**
 * A table for people: a heading, a rule, aligned columns.
 *
 * <p>A column whose every cell is a number (with sign, unit %, ± or a dash for "none") stands to
 * the right. A table wider than asked for has its widest text columns cut with an ellipsis; numbers
 * are never cut. Control characters are shown escaped, so that data cannot drive the terminal.
 */
public final class TextTable {
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?=.*\\d)[-+−]?(\\d[\\d,]*)?(\\.\\d+)?([eE][-+]?\\d+)?( ?%)?( ?± ?[\\d.,]+( ?%)?)?");
  private static final String NONE = "–";
  private static final String GAP = "  ";
  private static final int NARROWEST = 6;

  /** Columns that a terminal has room for. */
  private static final int WIDE = 100;

  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(List<String> titles) {
    this.titles = titles.stream().map(TextTable::printable).toList();
  }

  public TextTable(String... titles) {
    this(List.of(titles));
  }

  /** Adds a row; a null cell is shown as a dash. */
  public TextTable add(List<String> cells) {
    if (cells.size() != titles.size()) {
      throw new IllegalArgumentException(
          Text.of("a row of %d cells in a table of %d columns", cells.size(), titles.size()));
    }
    rows.add(cells.stream().map(c -> c == null ? NONE : printable(c)).toList());
    return this;
  }

  /** Adds a row. */
  public TextTable add(String... cells) {
    return add(Arrays.asList(cells));
  }

  /** The lines of the table, each ending in a newline, without a limit to their width. */
  public String render() {
    return render(Integer.MAX_VALUE);
  }

  /**
   * The lines of the table, each ending in a newline.
   *
   * @param width columns of the terminal; exceeded only by numbers and very many columns
   */
  public String render(int width) {
    boolean[] right = new boolean[titles.size()];
    int[] widths = new int[titles.size()];
    for (int c = 0; c < widths.length; c++) {
      right[c] = isNumeric(c);
      widths[c] = Math.max(displayWidth(titles.get(c)), widestCell(c));
    }
    shrink(widths, right, width);
    var text = new StringBuilder();
    line(text, titles, widths, right);
    text.append(Arrays.stream(widths).mapToObj("─"::repeat).collect(Collectors.joining(GAP)));
    text.append('\n');
    rows.forEach(row -> line(text, row, widths, right));
    return text.toString();
  }

  /**
   * The lines of the table, with its columns as rows where that is narrower and they do not fit as
   * columns.
   *
   * @param corner the title of what the columns are
   */
  public String renderEitherWay(String corner) {
    var turned =
        new TextTable(
            Stream.concat(Stream.of(corner), rows.stream().map(row -> row.get(0))).toList());
    for (int c = 1; c < titles.size(); c++) {
      int column = c;
      turned.rows.add(
          Stream.concat(Stream.of(titles.get(c)), rows.stream().map(row -> row.get(column)))
              .toList());
    }
    int width = width();
    return (width > WIDE && turned.width() < width ? turned : this).render();
  }

  private int width() {
    return render().lines().mapToInt(TextTable::displayWidth).max().orElse(0);
  }

  private static void shrink(int[] widths, boolean[] fixed, int width) {
    long excess =
        Arrays.stream(widths).asLongStream().sum()
            + (long) GAP.length() * (widths.length - 1)
            - width;
    while (excess > 0) {
      int widest = -1;
      for (int c = 0; c < widths.length; c++) {
        if (!fixed[c] && widths[c] > NARROWEST && (widest < 0 || widths[c] > widths[widest])) {
          widest = c;
        }
      }
      if (widest < 0) {
        return;
      }
      widths[widest]--;
      excess--;
    }
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths, boolean[] right) {
    String line =
        IntStream.range(0, widths.length)
            .mapToObj(c -> pad(cells.get(c), widths[c], right[c]))
            .collect(Collectors.joining(GAP));
    text.append(line.stripTrailing()).append('\n');
  }

  private static String pad(String cell, int width, boolean right) {
    String shown = cut(cell, width);
    String blanks = " ".repeat(width - displayWidth(shown));
    return right ? blanks + shown : shown + blanks;
  }

  private static String cut(String cell, int width) {
    if (displayWidth(cell) <= width) {
      return cell;
    }
    var kept = new StringBuilder();
    int used = 0;
    for (int point : cell.codePoints().toArray()) {
      used += Math.max(0, WCWidth.wcwidth(point));
      if (used > width - 1) {
        break;
      }
      kept.appendCodePoint(point);
    }
    return kept.append('…').toString();
  }

  private boolean isNumeric(int column) {
    boolean any = false;
    for (var row : rows) {
      String cell = row.get(column);
      boolean special = cell.equals("NaN") || cell.endsWith("Infinity");
      if (!cell.equals(NONE) && !special && (cell.isEmpty() || !NUMBER.matcher(cell).matches())) {
        return false;
      }
      any |= !cell.equals(NONE);
    }
    return any;
  }

  private int widestCell(int column) {
    return rows.stream().mapToInt(row -> displayWidth(row.get(column))).max().orElse(0);
  }

  /** Terminal columns a text takes: 2 for wide characters, 0 for combining marks. */
  static int displayWidth(String text) {
    return text.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
  }

  private static String printable(String cell) {
    if (cell.codePoints().noneMatch(Character::isISOControl)) {
      return cell;
    }
    return cell.codePoints()
        .mapToObj(p -> Character.isISOControl(p) ? escape(p) : Character.toString(p))
        .collect(Collectors.joining());
  }

  private static String escape(int control) {
    return switch (control) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> Text.of("\\u%04x", control);
    };
  }
}
