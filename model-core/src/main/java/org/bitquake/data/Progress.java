package org.bitquake.data;

import java.time.Duration;
import java.util.Optional;

/** Hears how a download gets on. Called often, from the downloading thread. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = step -> {};

  void on(Step step);

  /**
   * Where a download stands.
   *
   * @param file the file's name
   * @param done bytes on disk, those of earlier attempts too
   * @param total bytes in all
   * @param bytesPerSecond over the present attempt; 0 before anything is known
   */
  record Step(String file, long done, long total, double bytesPerSecond) {
    public boolean isComplete() {
      return done == total;
    }

    /** Share done, 0…1. */
    public double fraction() {
      return (double) done / total;
    }

    /** Time to go at the present rate, if there is a rate. */
    public Optional<Duration> left() {
      return bytesPerSecond > 0
          ? Optional.of(Duration.ofSeconds((long) Math.ceil((total - done) / bytesPerSecond)))
          : Optional.empty();
    }
  }
}
