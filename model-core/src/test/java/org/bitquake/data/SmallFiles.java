package org.bitquake.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/** Small data files for tests. */
final class SmallFiles {
  static final int IMAGES = 0x803;
  static final int LABELS = 0x801;

  private SmallFiles() {}

  /** A header of big-endian words and a payload. */
  static byte[] idx(byte[] payload, int... header) {
    ByteBuffer file = ByteBuffer.allocate(4 * header.length + payload.length);
    for (int word : header) {
      file.putInt(word);
    }
    return file.put(payload).array();
  }

  /** Bytes that differ from each other: {@code (i · factor) mod 251}. */
  static byte[] pattern(int length, int factor) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ((long) i * factor % 251);
    }
    return bytes;
  }

  static byte[] labels(int count) {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
    }
    return labels;
  }

  /** CIFAR-10 records. */
  static byte[] cifar(byte[] labels, byte[] pixels) {
    ByteBuffer file = ByteBuffer.allocate(labels.length * 3073);
    for (int i = 0; i < labels.length; i++) {
      file.put(labels[i]).put(pixels, i * 3072, 3072);
    }
    return file.array();
  }

  static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gz = new GZIPOutputStream(out)) {
      gz.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static DataFile file(byte[] bytes) {
    return new DataFile("some-file", bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  static String hash(String algorithm, byte[] bytes) {
    return HexFormat.of().formatHex(Checksums.digest(algorithm).digest(bytes));
  }
}
