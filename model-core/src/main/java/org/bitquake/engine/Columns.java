package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.Window;

/**
 * What the windows of a layer read, arranged so that each tap of each output row is one array of
 * the output row's length: for every kernel column kx, the input rows shifted by kx, thinned by the
 * stride and padded with 0. Rows above and below the image are one shared row of zeros. From each
 * code a constant is taken away, so that padding can stand for its zero point.
 */
final class Columns {
  /** At {@code (c·paddedHeight + y)·kernelWidth + kx}, y counted with padding. */
  final int[][] arrays;

  final int paddedHeight;
  private final Window window;
  private final Rows in;
  private final int zero;
  private final int outWidth;
  private final boolean copied;

  /**
   * @param zero is taken away from each code
   */
  Columns(Rows in, Window window, int zero, int block) {
    this.window = window;
    this.in = in;
    this.zero = zero;
    this.outWidth = window.outWidth(in.shape);
    this.paddedHeight = in.shape.height() + window.top() + window.bottom();
    this.copied = copies(window, zero);
    this.arrays = new int[in.shape.channels() * paddedHeight * window.kernelWidth()][];
    Arrays.fill(arrays, new int[outWidth * block]);
    for (int row = 0; row < in.rows.length; row++) {
      for (int kx = 0; kx < window.kernelWidth(); kx++) {
        arrays[index(row, kx)] = copied ? new int[outWidth * block] : in.rows[row];
      }
    }
  }

  /** Whether there are arrays beside the input's own. */
  private static boolean copies(Window window, int zero) {
    return window.kernelWidth() > 1 || window.strideX() > 1 || window.isPadded() || zero != 0;
  }

  /** Values that they hold for an image. */
  static long values(Shape in, Window window, int zero) {
    long arrays = 1; // that of zeros
    if (copies(window, zero)) {
      arrays += (long) in.channels() * in.height() * window.kernelWidth();
    }
    return arrays * window.outWidth(in);
  }

  private int index(int row, int kx) {
    int c = row / in.shape.height();
    int y = row % in.shape.height() + window.top();
    return (c * paddedHeight + y) * window.kernelWidth() + kx;
  }

  /** Where a tap of channel 0 reads for the windows of an output row. */
  int tap(int ky, int kx, int outputRow) {
    int row = outputRow * window.strideY() + ky * window.dilationY();
    return row * window.kernelWidth() + kx;
  }

  /** From a channel's arrays to those of the next. */
  int channelStride() {
    return paddedHeight * window.kernelWidth();
  }

  /** Takes the input's current codes for {@code n} images. */
  void fill(int n) {
    if (!copied) {
      return;
    }
    for (int row = 0; row < in.rows.length; row++) {
      for (int kx = 0; kx < window.kernelWidth(); kx++) {
        int offset = kx * window.dilationX() - window.left();
        shift(in.rows[row], offset, n, arrays[index(row, kx)]);
      }
    }
  }

  private void shift(int[] from, int offset, int n, int[] to) {
    for (int x = 0; x < outWidth; x++) {
      int source = x * window.strideX() + offset;
      if (source < 0 || source >= in.shape.width()) {
        Arrays.fill(to, x * n, (x + 1) * n, 0);
      } else if (zero == 0) {
        System.arraycopy(from, source * n, to, x * n, n);
      } else {
        for (int i = 0; i < n; i++) {
          to[x * n + i] = from[source * n + i] - zero;
        }
      }
    }
  }
}
