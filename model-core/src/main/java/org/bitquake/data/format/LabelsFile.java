package org.bitquake.data.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;

/**
 * {@code labels.csv}: which label each picture of a folder has (RFC 4180: commas, quotes, doubled
 * quotes inside them; also with a byte order mark, and with line ends of any system). Its first
 * line names the columns; {@code file} and {@code label} are read, others may be there.
 *
 * <p>Labels are numbers, which are the classes' as they stand, or names, whose classes are sorted
 * in code-point order.
 */
final class LabelsFile {
  static final String NAME = "labels.csv";

  private static final int MAX_BYTES = 256 << 20;
  private static final int MAX_COLUMNS = 1000;
  private static final String NUMBER = "0|[1-9][0-9]{0,8}";

  /** A line: a picture, relative to the folder, and its label. */
  record Line(int number, String file, String label) {}

  private final DataFile file;
  private final String text;
  private int at;
  private int line = 1;

  private LabelsFile(DataFile file, String text) {
    this.file = file;
    this.text = text;
  }

  /**
   * Reads the lines.
   *
   * @throws InputException that names the line, if one is wrong
   */
  static List<Line> read(DataFile file) {
    return new LabelsFile(file, text(file)).lines();
  }

  private static String text(DataFile file) {
    byte[] bytes =
        file.read(
            (in, length) -> {
              byte[] read = in.readNBytes(MAX_BYTES + 1);
              if (read.length > MAX_BYTES) {
                throw new IOException("it is over 256 MiB long");
              }
              return read;
            });
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InputException(file.name() + ": not UTF-8 text; save it as UTF-8", e);
    }
  }

  private List<Line> lines() {
    List<String> head = record();
    int files = head.indexOf("file");
    int labels = head.indexOf("label");
    if (files < 0 || labels < 0) {
      throw new InputException(
          Text.of(
              "%s, line 1: names no columns file and label; write file,label above the lines",
              file.name()));
    }
    List<Line> lines = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (at < text.length()) {
      int number = line;
      List<String> cells = record();
      if (cells.size() == 1 && cells.get(0).isBlank()) {
        continue;
      }
      if (cells.size() != head.size()) {
        throw wrong(number, Text.of("%d cells, not %d as line 1", cells.size(), head.size()));
      }
      String picture = picture(number, cells.get(files));
      if (!seen.add(picture)) {
        throw wrong(number, Text.of("'%s' is here twice", picture));
      }
      lines.add(new Line(number, picture, cells.get(labels).strip()));
    }
    if (lines.isEmpty()) {
      throw new InputException(file.name() + ": no lines below the first");
    }
    return lines;
  }

  private String picture(int number, String name) {
    String plain = name.strip().replaceFirst("^(\\./)+", "");
    boolean leaves =
        plain.startsWith("/")
            || plain.contains("\\")
            || plain.matches("[A-Za-z][A-Za-z0-9+.-]*:.*")
            || List.of(plain.split("/", -1)).contains("..");
    if (plain.isEmpty() || leaves || plain.chars().anyMatch(Character::isISOControl)) {
      throw wrong(number, "no file inside this folder: '" + printable(name) + "'");
    }
    return plain;
  }

  private static String printable(String name) {
    return name.substring(0, Math.min(name.length(), 100)).replaceAll("\\p{Cntrl}", "?");
  }

  /** The cells of a line, which quotes may make several. */
  private List<String> record() {
    List<String> cells = new ArrayList<>();
    do {
      cells.add(cell());
      if (cells.size() > MAX_COLUMNS) {
        throw wrong(line, "over 1000 cells");
      }
    } while (at < text.length() && text.charAt(at++) == ',');
    return cells;
  }

  /** Leaves {@code at} on the comma or line end behind the cell. */
  private String cell() {
    var cell = new StringBuilder();
    int start = line;
    if (at < text.length() && text.charAt(at) == '"') {
      at++;
      while (true) {
        if (at >= text.length()) {
          throw wrong(start, "a quote that nothing closes");
        }
        char c = text.charAt(at++);
        if (c == '"' && at < text.length() && text.charAt(at) == '"') {
          at++;
        } else if (c == '"') {
          break;
        }
        line += c == '\n' ? 1 : 0;
        cell.append(c);
      }
    }
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      if (text.charAt(at) == '"') {
        throw wrong(line, "a quote in the middle of a cell; double it and quote the cell");
      }
      cell.append(text.charAt(at++));
    }
    if (at < text.length() && text.charAt(at) != ',') {
      boolean both = text.startsWith("\r\n", at);
      at += both ? 1 : 0;
      line++;
    }
    return cell.toString();
  }

  private InputException wrong(int number, String fact) {
    return new InputException(Text.of("%s, line %d: %s", file.name(), number, fact));
  }

  /**
   * What the labels stand for.
   *
   * @throws InputException that names the line, if one is no label
   */
  static Labels labels(DataFile file, List<Line> lines) {
    boolean numbers = lines.get(0).label().matches(NUMBER);
    for (var line : lines) {
      String label = line.label();
      boolean number = label.matches(NUMBER);
      if (label.isEmpty()) {
        throw new InputException(Text.of("%s, line %d: no label", file.name(), line.number()));
      }
      if (number != numbers) {
        throw new InputException(
            Text.of(
                "%s, line %d: label '%s', but line %d has '%s'; write numbers or names throughout",
                file.name(), line.number(), label, lines.get(0).number(), lines.get(0).label()));
      }
      if (number && !Labels.isPossible(Long.parseLong(label))) {
        throw new InputException(
            Text.of("%s, line %d: label %s is over 65535", file.name(), line.number(), label));
      }
    }
    return numbers
        ? Labels.numbers(lines.stream().mapToInt(l -> Integer.parseInt(l.label())).toArray())
        : Labels.named(lines.stream().map(Line::label).toList());
  }
}
