package org.bitquake.onnx;

import java.util.Locale;

/** The one way in which this package says no; whoever knows the node adds its name. */
final class Require {
  private Require() {}

  /** Throws an {@link IllegalArgumentException} with this message unless {@code ok}. */
  static void that(boolean ok, String format, Object... arguments) {
    if (!ok) {
      throw no(format, arguments);
    }
  }

  static IllegalArgumentException no(String format, Object... arguments) {
    return new IllegalArgumentException(String.format(Locale.ROOT, format, arguments));
  }

  /** A name from a file, fit for a message: one line, not too long. */
  static String quote(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return '"' + (clean.length() > 80 ? clean.substring(0, 80) + "…" : clean) + '"';
  }
}
