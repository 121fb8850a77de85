package org.bitquake.jobs.console;

import org.bitquake.data.format.ImageProgress;

/** How far the decoding of pictures is; says nothing where there are none to decode. */
public final class PictureProgress implements ImageProgress, AutoCloseable {
  private Progress progress;

  @Override
  public void on(int done, int total) {
    if (progress == null) {
      progress = Progress.start("pictures", total);
    }
    progress.update(done);
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
