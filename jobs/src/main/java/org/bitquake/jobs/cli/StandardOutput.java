package org.bitquake.jobs.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Remembers why it could not be written, which {@link java.io.PrintWriter} keeps to itself: half a
 * table in a file must not look like a whole one.
 */
final class StandardOutput extends OutputStream {
  /** What {@code head} and pagers do on purpose. */
  private static final String NO_READER = "Broken pipe";

  private final OutputStream out;
  private String failure = "";

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
      throw e;
    }
  }

  /** Why not all of it could be written; empty if it could, or if its reader had read enough. */
  Optional<String> obstacle() {
    return failure.isEmpty() || failure.equals(NO_READER) ? Optional.empty() : Optional.of(failure);
  }
}
