package org.bitquake;

import com.google.errorprone.annotations.FormatMethod;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Text that is the same whatever the user's language. */
public final class Text {
  private Text() {}

  /** As {@link String#format(Locale, String, Object...)}: digits 0 to 9, a point, no language. */
  @FormatMethod
  public static String of(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /**
   * The text that a file holds.
   *
   * @param file what to call it
   * @throws InputException if it is not UTF-8
   */
  public static String utf8(byte[] bytes, String file) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(file + ": not UTF-8 text", e);
    }
  }
}
