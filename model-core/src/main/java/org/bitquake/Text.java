package org.bitquake;

import com.google.errorprone.annotations.FormatMethod;
import java.util.Locale;

/** Text that is the same whatever the user's language. */
public final class Text {
  private Text() {}

  /** As {@link String#format(Locale, String, Object...)}: digits 0 to 9, a point, no language. */
  @FormatMethod
  public static String of(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
