package org.bitquake.data.format;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.bitquake.data.Pixels;

/**
 * What a format has found.
 *
 * @param title what the data are called
 * @param where an image is, for messages: its file, or its number in a file
 */
record LabelledImages(String title, Labels labels, IntFunction<String> where, Contents contents) {

  /** The images, in the order of their labels. */
  sealed interface Contents permits Decoded, Encoded {}

  /** An array of pixels. */
  record Decoded(Pixels pixels) implements Contents {}

  /**
   * Picture files.
   *
   * @param files hands them over one after the other
   */
  record Encoded(Files files) implements Contents {}

  /** Hands over picture files. */
  @FunctionalInterface
  interface Files {
    /**
     * Calls {@code consumer} for each.
     *
     * @throws IOException if they cannot be read
     */
    void forEach(Consumer<PictureFile> consumer) throws IOException;
  }

  /** A file that is read when it is needed, by any thread. */
  @FunctionalInterface
  interface PictureFile {
    byte[] read() throws IOException;
  }
}
