package org.bitquake.data.format;

/** Hears how many pictures are decoded. Called often, from one thread. */
@FunctionalInterface
public interface ImageProgress {
  /** Hears nothing. */
  ImageProgress NONE = (done, total) -> {};

  void on(int done, int total);
}
