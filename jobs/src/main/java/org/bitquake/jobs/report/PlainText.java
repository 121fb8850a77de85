package org.bitquake.jobs.report;

import org.bitquake.Text;

/**
 * Text that looks like what it is: controls, marks that turn the direction of writing, private and
 * broken characters are shown by their numbers.
 */
final class PlainText {
  private PlainText() {}

  /** The same text, with line ends and tabs left alone. */
  static String of(String text) {
    var plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isPlain(c)) {
                plain.appendCodePoint(c);
              } else {
                plain.append(Text.of("⟨U+%04X⟩", c));
              }
            });
    return plain.toString();
  }

  private static boolean isPlain(int c) {
    if (c == '\n' || c == '\t') {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
