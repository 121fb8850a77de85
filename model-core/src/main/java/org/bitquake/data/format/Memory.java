package org.bitquake.data.format;

import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;
import org.bitquake.data.Shape;

/** Whether images fit into memory, before any is set aside for them. */
final class Memory {
  /** The images, their copy for the executors, and room to work. */
  private static final int COPIES = 3;

  private static final double MIB = 1 << 20;

  private Memory() {}

  /** The most bytes of images that this process may hold. */
  static long limit() {
    return Math.min(Runtime.getRuntime().maxMemory() / COPIES, DataFile.MAX_ARRAY);
  }

  /**
   * Checks that images fit.
   *
   * @throws InputException if they do not, with what would help
   */
  static void require(String title, long count, Shape shape, long limit) {
    double bytes = (double) count * shape.channels() * shape.height() * shape.width();
    if (bytes > limit) {
      long most = (long) (limit / (bytes / count));
      String fewer =
          most > 0 ? Text.of("take fewer of them (images: %d), ", most) : "take smaller ones, ";
      throw new InputException(
          Text.of(
              "%s: %,d images of %s take %,.0f MiB in memory, but at most %,.0f are to be had here;"
                  + " %sresize them, or give the driver more (-- --driver-memory 8g; one array"
                  + " holds 2,047)",
              title, count, shape, bytes / MIB, limit / MIB, fewer));
    }
  }
}
