package org.bitquake.network;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** An {@code .npz} that NumPy wrote, as opposed to a network file: any zip, any arrays. */
final class NumpyArchive {
  private static final int MAX_ENTRIES = 10_000;

  private final Map<String, byte[]> arrays = new TreeMap<>();

  /**
   * Inflates all arrays, but not more than may be.
   *
   * @throws IllegalArgumentException if it is no zip of arrays or too large
   * @throws IOException if it is damaged
   */
  NumpyArchive(byte[] file) throws IOException {
    long total = 0;
    try (var zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        byte[] content = zip.readNBytes((int) (QnnFile.MAX_BYTES - total) + 1);
        total += content.length;
        Check.that(
            total <= QnnFile.MAX_BYTES, "it holds more than %d MiB", QnnFile.MAX_BYTES >> 20);
        Check.that(arrays.size() < MAX_ENTRIES, "it has more than %d arrays", MAX_ENTRIES);
        String name = e.getName().replaceFirst("\\.npy$", "");
        Check.that(arrays.put(name, content) == null, "array %s is there twice", name);
      }
    }
    Check.that(!arrays.isEmpty(), "it is not a zip of NumPy arrays or is cut short");
  }

  boolean has(String name) {
    return arrays.containsKey(name);
  }

  private byte[] array(String name) {
    Check.that(has(name), "it has no array %s", name);
    return arrays.get(name);
  }

  List<Integer> shape(String name) {
    return Npy.header(ByteBuffer.wrap(array(name)), name).shape();
  }

  byte[] bytes(String name, Integer... shape) {
    return Npy.bytes(array(name), name, List.of(shape));
  }

  float[] floats(String name, Integer... shape) {
    return Npy.floats(array(name), name, List.of(shape));
  }

  /** Text: an entry of its own, or an array of one string of bytes, as NumPy saves it. */
  byte[] text(String name) {
    byte[] content = array(name);
    return content.length > 0 && content[0] == (byte) 0x93 ? Npy.text(content, name) : content;
  }

  /** Integers of any width, which must lie within these bounds. */
  int[] integers(String name, List<Integer> shape, int least, int most) {
    return Npy.integers(array(name), name, shape, least, most);
  }

  /** float32, or float64 that is rounded to it. */
  float[] reals(String name, List<Integer> shape) {
    return Npy.reals(array(name), name, shape);
  }

  /** A scalar float32, stored with shape {@code ()}. */
  float number(String name) {
    return floats(name)[0];
  }
}
