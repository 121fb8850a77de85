package org.bitquake.jobs.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.UnwritableException;

/**
 * The right to write to a result directory, for one process at a time.
 *
 * <p>It is a file {@code _lock-<generation>}; the highest generation has the right. A file is
 * created only if there is none of its name, so of those who want the next generation one gets it.
 * Its owner shows in every {@link Timing#beat} that it is alive. One that has gone is not removed
 * but outbid by the next generation: its process is looked for on its own machine; elsewhere its
 * file must not change for {@link Timing#expiry}, by the observer's clock alone. An owner that
 * wakes up after that finds the higher generation before it writes.
 */
final class Lease implements AutoCloseable {
  static final String PREFIX = "_lock-";
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,18})");

  /**
   * How long things take.
   *
   * @param beat between two signs of life
   * @param expiry without one after which an owner is gone
   * @param settle until all who create the same file on an object store have done so
   */
  record Timing(Duration beat, Duration expiry, Duration settle) {
    static final Timing STANDARD =
        new Timing(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(3));
  }

  /** A lock file that is there. */
  private record Found(long generation, Path path, FileStatus status) {}

  private final Path root;
  private final StoreFiles files;
  private final Holder self;
  private final long generation;
  private final Thread heart;

  private Lease(Path root, StoreFiles files, Holder self, long generation, Duration beat) {
    this.root = root;
    this.files = files;
    this.self = self;
    this.generation = generation;
    this.heart = new Thread(() -> showLife(beat), "bitquake-lease");
    heart.setDaemon(true);
  }

  /**
   * Takes the right to write; waits up to the expiry for an owner on another machine that may be
   * gone.
   *
   * @throws InputException if another run has it
   * @throws UnwritableException if the directory cannot be written to
   */
  static Lease take(Path root, StoreFiles files, Timing timing) {
    while (true) {
      var top = highest(root, files);
      top.ifPresent(found -> requireGone(root, files, found, timing));
      long generation = top.map(found -> found.generation() + 1).orElse(1L);
      var lease = new Lease(root, files, Holder.here(), generation, timing.beat());
      try {
        files.writeOnce(lease.path(), lease.self.toJson());
      } catch (FileAlreadyExistsException e) {
        continue; // somebody was faster: now that is the highest
      }
      if (!files.createsExclusively()) {
        sleep(timing.settle());
      }
      if (lease.isWon()) {
        lease.removeOlder();
        lease.heart.start();
        return lease;
      }
    }
  }

  /** Who writes to a directory now, as far as can be told without waiting. */
  static Optional<Holder> holder(Path root, StoreFiles files) {
    return highest(root, files)
        .flatMap(found -> read(files, found.path()))
        .filter(holder -> !holder.isOnThisMachine() || holder.isAlive());
  }

  /**
   * To be called before anything becomes visible to readers.
   *
   * @throws InputException if another run has taken the right meanwhile
   */
  void requireHeld() {
    if (!isHeld()) {
      throw new InputException(
          Text.of(
              "%s: another run took over while this one gave no sign of life (%s); it goes on there, this one ends",
              root, holder(root, files).map(Holder::toString).orElse("it has ended by now")));
    }
  }

  /** Gives the right back. */
  @Override
  public void close() {
    heart.interrupt();
    try {
      if (isHeld()) {
        files.delete(path());
      }
    } catch (InputException e) {
      return; // What is done is done; the next run finds this process gone.
    }
  }

  private boolean isHeld() {
    var top = highest(root, files);
    return top.isPresent()
        && top.get().generation() == generation
        && read(files, path()).filter(holder -> holder.run().equals(self.run())).isPresent();
  }

  /** As {@link #isHeld}; but who may write and not read must hear that, and not try for ever. */
  private boolean isWon() {
    var top = highest(root, files);
    return top.isPresent()
        && top.get().generation() == generation
        && Holder.parse(files.readSmall(path()))
            .filter(holder -> holder.run().equals(self.run()))
            .isPresent();
  }

  private void showLife(Duration beat) {
    try {
      while (true) {
        TimeUnit.NANOSECONDS.sleep(beat.toNanos());
        showLife();
      }
    } catch (InterruptedException e) {
      return; // closed
    }
  }

  private void showLife() {
    try {
      if (isHeld()) {
        files.touch(path(), self.toJson());
      }
    } catch (InputException e) {
      return; // Perhaps the next time; until then others may think that this run is gone.
    }
  }

  private void removeOlder() {
    locks(root, files).stream()
        .filter(found -> found.generation() < generation)
        .forEach(found -> files.delete(found.path()));
  }

  private Path path() {
    return new Path(root, PREFIX + generation);
  }

  private static void requireGone(Path root, StoreFiles files, Found found, Timing timing) {
    var holder = read(files, found.path());
    boolean here = holder.filter(Holder::isOnThisMachine).isPresent();
    boolean gone =
        here ? !holder.get().isAlive() : staysTheSame(root, files, found, timing, holder);
    if (!gone) {
      throw new InputException(
          Text.of(
              "%s: another run writes here (%s); wait for it, or end it with bitquake stop, or choose another --output",
              root, holder.map(Holder::toString).orElse("its lock just changed")));
    }
  }

  /** Whether a lock file shows no sign of life for the whole expiry. */
  private static boolean staysTheSame(
      Path root, StoreFiles files, Found found, Timing timing, Optional<Holder> holder) {
    System.err.printf(
        Locale.ROOT,
        "bitquake: %s was written to by %s; looking for up to %d s whether that run is alive%n",
        root,
        holder.map(Holder::toString).orElse("a run that left no name"),
        timing.expiry().toSeconds());
    byte[] before = bytes(files, found.path());
    long start = System.nanoTime();
    while (System.nanoTime() - start < timing.expiry().toNanos()) {
      sleep(timing.beat().dividedBy(10));
      var now = highest(root, files);
      if (now.isEmpty()) {
        return true; // given back
      }
      boolean same =
          now.get().generation() == found.generation()
              && now.get().status().getModificationTime() == found.status().getModificationTime()
              && now.get().status().getLen() == found.status().getLen()
              && Arrays.equals(before, bytes(files, found.path()));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Found> highest(Path root, StoreFiles files) {
    return locks(root, files).stream().max(Comparator.comparingLong(Found::generation));
  }

  private static List<Found> locks(Path root, StoreFiles files) {
    return files.list(root).stream().flatMap(status -> lock(status).stream()).toList();
  }

  private static Optional<Found> lock(FileStatus status) {
    var name = NAME.matcher(status.getPath().getName());
    return name.matches()
        ? Optional.of(new Found(Long.parseLong(name.group(1)), status.getPath(), status))
        : Optional.empty();
  }

  private static Optional<Holder> read(StoreFiles files, Path lock) {
    return Holder.parse(bytes(files, lock));
  }

  /** None if it cannot be read just now: its owner may be writing, or may have taken it away. */
  private static byte[] bytes(StoreFiles files, Path lock) {
    try {
      return files.readSmall(lock);
    } catch (InputException e) {
      return new byte[0];
    }
  }

  private static void sleep(Duration time) {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a lock", e);
    }
  }
}
