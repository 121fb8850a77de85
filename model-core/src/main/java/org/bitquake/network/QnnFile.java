package org.bitquake.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads and writes the quantised network file, {@code *.qnn.npz}. */
public final class QnnFile {
  private QnnFile() {}

  /**
   * Reads a network, checking every length, shape and hash before it is used.
   *
   * @param source what to call the file in error messages
   * @throws org.bitquake.InputException if the file is not a sound network file
   */
  public static QuantizedNetwork read(InputStream in, String source) throws IOException {
    return null;
  }

  /** Writes a network; the same network gives the same bytes. */
  public static void write(QuantizedNetwork network, OutputStream out) throws IOException {}
}
