package org.bitquake.jobs.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts SQL text at its semicolons, minding strings, quoted names and comments as Spark reads them.
 */
public final class Statements {
  private final String text;
  private final List<String> finished = new ArrayList<>();
  private int at;
  private int start;
  private boolean content;
  private boolean open;

  private Statements(String text) {
    this.text = text;
    while (at < text.length()) {
      step();
    }
  }

  /** The statements, without their semicolons; empty ones and pure comments are left out. */
  public static List<String> split(String text) {
    var parsed = new Statements(text);
    parsed.finish();
    return List.copyOf(parsed.finished);
  }

  /** Whether nothing is left open: the text is blank or ends, but for comments, in a semicolon. */
  public static boolean isComplete(String text) {
    var parsed = new Statements(text);
    return !parsed.content && !parsed.open;
  }

  private void step() {
    char c = text.charAt(at);
    switch (c) {
      case ';' -> {
        finish();
        start = ++at;
      }
      case '\'', '"', '`' -> {
        content = true;
        at = endOfQuoted(c);
      }
      default -> {
        if (text.startsWith("--", at)) {
          int end = text.indexOf('\n', at);
          at = end < 0 ? text.length() : end + 1;
        } else if (text.startsWith("/*", at)) {
          at = endOfComment();
        } else {
          content |= !Character.isWhitespace(c);
          at++;
        }
      }
    }
  }

  private void finish() {
    if (content) {
      finished.add(text.substring(start, at).strip());
    }
    content = false;
  }

  /** A backslash escapes in strings but not in names; a doubled quote just opens the next part. */
  private int endOfQuoted(char quote) {
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '`') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    open = true;
    return text.length();
  }

  /** Spark's bracketed comments nest. */
  private int endOfComment() {
    int depth = 0;
    int i = at;
    while (i < text.length()) {
      if (text.startsWith("/*", i)) {
        depth++;
        i += 2;
      } else if (text.startsWith("*/", i)) {
        i += 2;
        if (--depth == 0) {
          return i;
        }
      } else {
        i++;
      }
    }
    open = true;
    return text.length();
  }
}
