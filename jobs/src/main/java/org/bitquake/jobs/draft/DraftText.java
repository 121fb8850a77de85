package org.bitquake.jobs.draft;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bitquake.jobs.config.ConfigKeys.Entry;
import org.bitquake.jobs.config.ConfigKind;

/** A configuration file as it is written: keys, values, and what each key is declared to mean. */
final class DraftText {
  private static final int COMMENT_COLUMN = 34;
  private static final String PLAIN = "[A-Za-z0-9_./][A-Za-z0-9_./-]*";

  private final StringBuilder text = new StringBuilder();
  private final Map<String, Entry> keys;

  DraftText(ConfigKind kind) {
    keys = kind.keys().stream().collect(Collectors.toMap(Entry::path, Function.identity()));
  }

  /** A line that is a comment. */
  DraftText comment(String words) {
    text.append("# ").append(words).append('\n');
    return this;
  }

  /**
   * A key with its value.
   *
   * @param path such as {@code faults.rates}
   * @param value as YAML; empty for a key whose value follows on lines of its own
   */
  DraftText key(String path, String value) {
    return line(path, "", value);
  }

  /** A key that is left out, as a comment that shows how it would be written. */
  DraftText off(String path, String value) {
    return line(path, "# ", value);
  }

  /** An element of a list, below its key. */
  DraftText element(String value) {
    text.append("  - ").append(value).append('\n');
    return this;
  }

  private DraftText line(String path, String mark, String value) {
    Entry entry = keys.get(path);
    if (entry == null) {
      throw new IllegalArgumentException("no key " + path);
    }
    int depth = path.length() - path.replace(".", "").length();
    String name = path.substring(path.lastIndexOf('.') + 1);
    String line = "  ".repeat(depth) + mark + name + ":" + (value.isEmpty() ? "" : " ") + value;
    int spaces = Math.max(2, COMMENT_COLUMN - line.length());
    text.append(line).append(" ".repeat(spaces)).append("# ").append(meaning(entry)).append('\n');
    return this;
  }

  private static String meaning(Entry entry) {
    String unit = entry.key().unit().isEmpty() ? "" : " [" + entry.key().unit() + "]";
    String bounds = entry.bounds().isEmpty() ? "" : "; " + entry.bounds();
    return entry.key().value() + unit + bounds;
  }

  /** Text as a YAML scalar. */
  static String quoted(String value) {
    return value.matches(PLAIN)
        ? value
        : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Texts as a YAML list on one line. */
  static String list(List<String> values) {
    return values.stream().map(DraftText::quoted).collect(Collectors.joining(", ", "[", "]"));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
