package org.bitquake.jobs.store;

import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.UnwritableException;

/** What a run must ask before it writes: whether it may, and whether the user wants it to end. */
final class WriteAccess implements AutoCloseable {
  private final Runnable guard;
  private final Runnable stop;
  private final Runnable release;

  private WriteAccess(Runnable guard, Runnable stop, Runnable release) {
    this.guard = guard;
    this.stop = stop;
    this.release = release;
  }

  /** For who alone knows of the directory. */
  static WriteAccess unguarded() {
    return new WriteAccess(() -> {}, () -> {}, () -> {});
  }

  /** For a directory that may be read only. */
  static WriteAccess none(UnwritableException why) {
    Runnable refuse =
        () -> {
          throw new UnwritableException(why.getMessage(), why);
        };
    return new WriteAccess(refuse, () -> {}, () -> {});
  }

  /** For as long as the lease is held. */
  static WriteAccess of(Lease lease, Path root, StoreFiles files) {
    var interrupt = new Interrupt();
    return new WriteAccess(
        lease::requireHeld,
        () -> obey(interrupt, new Path(root, StopFile.NAME), files),
        () -> {
          interrupt.close();
          lease.close();
        });
  }

  private static void obey(Interrupt interrupt, Path stop, StoreFiles files) {
    if (interrupt.isAsked()) {
      throw new StoppedException("Ctrl-C");
    }
    if (files.exists(stop)) {
      files.delete(stop);
      throw new StoppedException(stop.toString());
    }
  }

  /**
   * To be called before anything becomes visible to readers.
   *
   * @throws InputException if this run may not write, or not any more
   */
  void require() {
    guard.run();
  }

  /** Ends the run where the user asks for it. */
  void obeyStop() {
    stop.run();
  }

  @Override
  public void close() {
    release.run();
  }
}
