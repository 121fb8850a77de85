package org.bitquake.data.picture;

import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.bitquake.Text;

/**
 * A size that pictures are brought to, as people write it: {@code 96}, or {@code 96x128} for height
 * and width.
 *
 * @param height in pixels; where there is no width, of a resize the shorter side, of a crop both
 */
public record Size(int height, OptionalInt width) {
  /** The largest side. */
  public static final int MOST = 4096;

  /** What it may be, for people and as a regular expression. */
  public static final String PATTERN = "[1-9][0-9]{0,3}(x[1-9][0-9]{0,3})?";

  private static final Pattern WRITTEN = Pattern.compile(PATTERN);

  /**
   * @throws IllegalArgumentException if a side is outside 1…4096
   */
  public Size {
    check(height);
    width.ifPresent(Size::check);
  }

  private static void check(int side) {
    if (side < 1 || side > MOST) {
      throw new IllegalArgumentException(Text.of("a side of %d is outside 1…%d", side, MOST));
    }
  }

  /** A square, or the shorter side. */
  public static Size of(int side) {
    return new Size(side, OptionalInt.empty());
  }

  /**
   * Reads what people write.
   *
   * @throws IllegalArgumentException if it is no size
   */
  public static Size of(String text) {
    if (!WRITTEN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          Text.of("\"%s\" is no size; write 96, or 96x128 for height and width", text));
    }
    String[] sides = text.split("x", -1);
    return new Size(
        Integer.parseInt(sides[0]),
        sides.length == 1 ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(sides[1])));
  }

  /** As people write it. */
  @Override
  public String toString() {
    return width.isPresent() ? height + "x" + width.getAsInt() : "" + height;
  }
}
