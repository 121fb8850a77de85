package org.bitquake.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bitquake.Text;

/**
 * NumPy's array format (NEP 1), as much of it as network files use: int8, uint8 and little-endian
 * int16 and float32 in C order.
 */
final class Npy {
  static final String INT8 = "|i1";
  static final String UINT8 = "|u1";
  static final String INT16 = "<i2";
  static final String FLOAT32 = "<f4";

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']{1,8})', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\), ?\\}"
              + " *\n");

  private Npy() {}

  /** The dtype's bytes per element. */
  static int itemSize(String dtype) {
    return switch (dtype) {
      case INT8, UINT8 -> 1;
      case INT16, "<u2" -> 2;
      case "<f8", "<i8", "<u8" -> 8;
      default -> 4;
    };
  }

  static byte[] of(byte[] codes, List<Integer> shape) {
    byte[] header = header(INT8, shape);
    return ByteBuffer.allocate(header.length + codes.length).put(header).put(codes).array();
  }

  static byte[] of(float[] values, List<Integer> shape) {
    byte[] header = header(FLOAT32, shape);
    ByteBuffer out = ByteBuffer.allocate(header.length + 4 * values.length).put(header);
    out.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    return out.array();
  }

  /** Bytes of 0 … 255. */
  static byte[] ofUnsigned(byte[] codes, List<Integer> shape) {
    byte[] header = header(UINT8, shape);
    return ByteBuffer.allocate(header.length + codes.length).put(header).put(codes).array();
  }

  /** Integers of −32,768 … 32,767. */
  static byte[] of(int[] values, List<Integer> shape) {
    byte[] header = header(INT16, shape);
    ByteBuffer out = ByteBuffer.allocate(header.length + 2 * values.length).put(header);
    out.order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      out.putShort((short) value);
    }
    return out.array();
  }

  static byte[] header(String dtype, List<Integer> shape) {
    String text =
        Text.of("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", dtype, tuple(shape));
    int plain = MAGIC.length + 4 + text.length() + 1;
    int padding = (ALIGNMENT - plain % ALIGNMENT) % ALIGNMENT;
    ByteBuffer out = ByteBuffer.allocate(plain + padding).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC);
    out.put((byte) 1).put((byte) 0).putShort((short) (text.length() + padding + 1));
    out.put((text + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII));
    return out.array();
  }

  private static String tuple(List<Integer> shape) {
    String inner = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "(" + inner + (shape.size() == 1 ? ",)" : ")");
  }

  static byte[] bytes(byte[] npy, String name, List<Integer> shape) {
    return bytes(data(npy, name, INT8, shape));
  }

  static byte[] unsigned(byte[] npy, String name, List<Integer> shape) {
    return bytes(data(npy, name, UINT8, shape));
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] codes = new byte[data.remaining()];
    data.get(codes);
    return codes;
  }

  static int[] shorts(byte[] npy, String name, List<Integer> shape) {
    ByteBuffer data = data(npy, name, INT16, shape);
    int[] values = new int[data.remaining() / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.getShort();
    }
    return values;
  }

  static float[] floats(byte[] npy, String name, List<Integer> shape) {
    ByteBuffer data = data(npy, name, FLOAT32, shape);
    float[] values = new float[data.remaining() / 4];
    data.asFloatBuffer().get(values);
    return values;
  }

  /** Integers of 8 to 64 bits that must lie within these bounds. */
  static int[] integers(byte[] npy, String name, List<Integer> shape, int least, int most) {
    String dtype = header(ByteBuffer.wrap(npy), name).dtype();
    Check.that(
        dtype.matches("\\|[iu]1|<[iu][248]"), "array %s: dtype %s is no integer", name, dtype);
    ByteBuffer data = data(npy, name, dtype, shape);
    int width = itemSize(dtype);
    int[] values = new int[data.remaining() / width];
    for (int i = 0; i < values.length; i++) {
      long value = integer(data, dtype);
      Check.that(
          value >= least && value <= most,
          "array %s: value %d at position %d is outside %d…%d",
          name,
          value,
          i,
          least,
          most);
      values[i] = (int) value;
    }
    return values;
  }

  private static long integer(ByteBuffer data, String dtype) {
    return switch (dtype) {
      case "|i1" -> data.get();
      case "|u1" -> data.get() & 0xff;
      case "<i2" -> data.getShort();
      case "<u2" -> data.getShort() & 0xffff;
      case "<i4" -> data.getInt();
      case "<u4" -> data.getInt() & 0xffff_ffffL;
      default -> data.getLong();
    };
  }

  /** float32, or float64 rounded to it. */
  static float[] reals(byte[] npy, String name, List<Integer> shape) {
    if (!header(ByteBuffer.wrap(npy), name).dtype().equals("<f8")) {
      return floats(npy, name, shape);
    }
    ByteBuffer data = data(npy, name, "<f8", shape);
    float[] values = new float[data.remaining() / Double.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) data.getDouble();
    }
    return values;
  }

  /** The bytes of an array that is one string of bytes. */
  static byte[] text(byte[] npy, String name) {
    ByteBuffer in = ByteBuffer.wrap(npy);
    Header header = header(in, name);
    Check.that(
        header.dtype().startsWith("|S") && header.shape().isEmpty(),
        "array %s is %s, not one string of bytes",
        name,
        header.dtype());
    byte[] text = new byte[in.remaining()];
    in.get(text);
    return text;
  }

  /** The array's data, after its header is found to say what it must. */
  private static ByteBuffer data(byte[] npy, String name, String dtype, List<Integer> shape) {
    ByteBuffer in = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    Header header = header(in, name);
    Check.that(
        header.dtype().equals(dtype), "array %s: dtype %s, not %s", name, header.dtype(), dtype);
    Check.that(
        header.shape().equals(shape),
        "array %s: shape %s, not %s",
        name,
        tuple(header.shape()),
        tuple(shape));
    long expected = itemSize(dtype);
    for (int d : shape) {
      expected = Math.multiplyExact(expected, (long) d);
    }
    Check.that(
        in.remaining() == expected,
        "array %s: %d bytes of data, but its shape needs %d",
        name,
        in.remaining(),
        expected);
    return in;
  }

  /** What an array's header says; the buffer is left where the data begin. */
  record Header(String dtype, List<Integer> shape) {}

  static Header header(ByteBuffer npy, String name) {
    ByteBuffer in = npy.order(ByteOrder.LITTLE_ENDIAN);
    Check.that(in.remaining() >= 12, "array %s is cut short", name);
    for (byte b : MAGIC) {
      Check.that(in.get() == b, "array %s is not in NumPy's format", name);
    }
    int major = in.get();
    Check.that(
        (major == 1 || major == 2) && in.get() == 0,
        "array %s is in version %d of NumPy's format; use 1.0 or 2.0",
        name,
        major);
    int length = major == 1 ? in.getShort() & 0xffff : in.getInt();
    Check.that(length >= 0 && length <= in.remaining(), "array %s: its header is cut short", name);
    byte[] text = new byte[length];
    in.get(text);
    Matcher header = HEADER.matcher(new String(text, StandardCharsets.ISO_8859_1));
    Check.that(header.matches(), "array %s: its header cannot be read", name);
    Check.that(header.group(2).equals("False"), "array %s is in Fortran order", name);
    return new Header(header.group(1), shape(header.group(3), name));
  }

  private static List<Integer> shape(String text, String name) {
    List<String> sizes =
        Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
    Check.that(
        sizes.stream().allMatch(s -> s.matches("0|[1-9][0-9]{0,8}")),
        "array %s: shape (%s)",
        name,
        text);
    return sizes.stream().map(Integer::valueOf).toList();
  }
}
