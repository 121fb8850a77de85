package org.bitquake.jobs.store;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * Ctrl-C while a run writes: the first one asks it to end after its running waves, the next one
 * ends the process at once. Where the system does not let signals be caught, Ctrl-C ends the
 * process.
 */
final class Interrupt implements AutoCloseable {
  private static final String SIGNAL = "INT";
  private static final int EXIT_CODE = 130; // what shells give for a process that SIGINT ended

  private final AtomicBoolean asked = new AtomicBoolean();
  private final Object before;

  Interrupt() {
    this.before = Signals.register(SIGNAL, this::happened);
  }

  private void happened() {
    if (asked.getAndSet(true)) {
      Runtime.getRuntime().exit(EXIT_CODE);
    }
    System.err.println(
        "\nbitquake: ending after the running waves, as Ctrl-C asked; press it again to end at once");
  }

  /** Whether the user pressed Ctrl-C. */
  boolean isAsked() {
    return asked.get();
  }

  /** Lets Ctrl-C do what it did before. */
  @Override
  public void close() {
    if (before != null) {
      Signals.unregister(SIGNAL, before);
    }
  }
}
