package org.bitquake.data;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checksums of streams of any length. */
final class Checksums {
  private Checksums() {}

  /** The number of bytes in a stream and their checksum in hex. */
  record Sum(long bytes, String hex) {}

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }

  /**
   * Reads {@code in} to its end, but no further than one byte past {@code limit}: then the count is
   * {@code limit + 1} and the sum that of no file.
   */
  static Sum of(InputStream in, String algorithm, long limit) throws IOException {
    MessageDigest digest = digest(algorithm);
    byte[] buffer = new byte[1 << 16];
    long bytes = 0;
    while (bytes <= limit) {
      int n = in.read(buffer, 0, (int) Math.min(buffer.length, limit + 1 - bytes));
      if (n < 0) {
        break;
      }
      digest.update(buffer, 0, n);
      bytes += n;
    }
    return new Sum(bytes, HexFormat.of().formatHex(digest.digest()));
  }
}
