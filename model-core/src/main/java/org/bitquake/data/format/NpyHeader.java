package org.bitquake.data.format;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bitquake.Text;

/**
 * What a NumPy array says of itself (NumPy Enhancement Proposal 1).
 *
 * @param dtype such as {@code |u1}
 */
record NpyHeader(String dtype, List<Integer> shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_LENGTH = 1 << 16;
  private static final Pattern TEXT =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']{2,20})',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*\\}\\s*");

  /**
   * Reads it, and leaves the stream where the data begin.
   *
   * @throws IllegalArgumentException that says what is wrong, if it is none
   */
  static NpyHeader read(InputStream in) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw new IllegalArgumentException("is not in NumPy's format");
    }
    if (start[6] < 1 || start[6] > 3) {
      throw new IllegalArgumentException(
          Text.of("is in version %d of NumPy's format; 1 to 3 are read", start[6]));
    }
    var data = new DataInputStream(in);
    int length =
        start[6] == 1
            ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
            : Integer.reverseBytes(data.readInt());
    if (length < 0 || length > MAX_LENGTH) {
      throw new IllegalArgumentException("has a header that is too long");
    }
    byte[] text = in.readNBytes(length);
    Matcher header = TEXT.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (text.length < length || !header.matches()) {
      throw new IllegalArgumentException("has a header that cannot be read (a structured array?)");
    }
    if (header.group(2).equals("True")) {
      throw new IllegalArgumentException("is in Fortran order; save numpy.ascontiguousarray of it");
    }
    return new NpyHeader(header.group(1), sizes(header.group(3)));
  }

  private static List<Integer> sizes(String text) {
    List<String> sizes =
        Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
    if (sizes.size() > 8 || !sizes.stream().allMatch(s -> s.matches("0|[1-9][0-9]{0,8}"))) {
      throw new IllegalArgumentException(Text.of("has the shape (%s)", text));
    }
    return sizes.stream().map(Integer::valueOf).toList();
  }

  /** Elements, or more than any array has. */
  double count() {
    return shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b);
  }

  /** As Python writes it. */
  String shapeText() {
    return shape.toString().replace('[', '(').replace(']', ')');
  }
}
