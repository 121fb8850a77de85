package org.bitquake.jobs.console;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/** Whether a person looks on. */
public final class Terminals {
  /** The standard streams, by their POSIX number. */
  public enum Stream {
    IN(0),
    OUT(1),
    ERR(2);

    private final int descriptor;

    Stream(int descriptor) {
      this.descriptor = descriptor;
    }
  }

  private Terminals() {}

  /**
   * Whether a standard stream is a terminal that can redraw a line. Java 17 cannot tell for one
   * stream; the shell's {@code test} can. False where there is no shell.
   */
  public static boolean isTerminal(Stream stream) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      return new ProcessBuilder("sh", "-c", "test -t " + stream.descriptor)
              .redirectInput(Redirect.INHERIT)
              .redirectOutput(Redirect.INHERIT)
              .redirectError(Redirect.INHERIT)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
