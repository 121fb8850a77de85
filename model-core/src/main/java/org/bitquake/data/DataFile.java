package org.bitquake.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * A file with images or labels, wherever it lies: on a Hadoop file system, on a local disk or in
 * the jar. It may be compressed with gzip; its first two bytes say so, whatever its name.
 *
 * @param name what to call the file in error messages
 * @param length bytes as stored
 * @param remedy what to do about it where it is damaged
 */
public record DataFile(String name, long length, Opener opener, String remedy) {
  /** The most uncompressed bytes that a reader accepts from one file. */
  static final long MAX_BYTES = 256L << 20;

  /** The most bytes in one array. */
  public static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

  private static final String FETCH = "replace the file (`bitquake data fetch` gets the originals)";

  private static final String REPLACE = "replace the file";

  private static final int BUFFER = 1 << 16;

  /** Opens the stored bytes. */
  @FunctionalInterface
  public interface Opener {
    InputStream open() throws IOException;
  }

  /** Reads the uncompressed contents. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * Reads to the end.
     *
     * @param length bytes in {@code in} where the file is not compressed; nobody knows for gzip
     */
    T read(InputStream in, OptionalLong length) throws IOException;
  }

  /** A file of a published data set. */
  DataFile(String name, long length, Opener opener) {
    this(name, length, opener, FETCH);
  }

  /** A file of the user's own. */
  public static DataFile own(String name, long length, Opener opener) {
    return new DataFile(name, length, opener, REPLACE);
  }

  /** A file on a local disk. */
  public static DataFile local(Path path) {
    try {
      return new DataFile(path.toString(), Files.size(path), () -> Files.newInputStream(path));
    } catch (IOException e) {
      throw new InputException(Text.of("%s cannot be read: %s", path, reason(e)), e);
    }
  }

  /**
   * Hands the uncompressed contents to {@code reader}.
   *
   * @throws InputException if the file cannot be read, ends too early or is not sound gzip
   */
  public <T> T read(Reader<T> reader) {
    try (var stored = new BufferedInputStream(opener.open(), BUFFER)) {
      if (!isGzip(stored)) {
        return reader.read(stored, OptionalLong.of(length));
      }
      // Unlike java.util.zip's, this one does not pass over garbage behind the compressed data.
      try (var in = new BufferedInputStream(new GzipCompressorInputStream(stored, true), BUFFER)) {
        return reader.read(in, OptionalLong.empty());
      }
    } catch (EOFException e) {
      throw new InputException(Text.of("%s ends too early; %s", name, remedy), e);
    } catch (IOException e) {
      throw new InputException(Text.of("%s cannot be read: %s; %s", name, reason(e), remedy), e);
    }
  }

  /** The error for contents that are not what they should be. */
  public InputException damaged(String fact) {
    return new InputException(Text.of("%s %s; %s", name, fact, remedy));
  }

  private static boolean isGzip(BufferedInputStream in) throws IOException {
    in.mark(2);
    boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
    in.reset();
    return gzip;
  }

  /** One line about an exception; some have no message, some several lines. */
  public static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
