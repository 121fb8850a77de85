package org.bitquake.engine;

import java.util.Arrays;

/**
 * What the windows of a layer read, arranged so that each tap of each output row is one array of
 * the output row's length: for every kernel column kx, the input rows shifted by kx, thinned by the
 * stride and padded. Rows above and below the image are one shared row of zeros.
 */
final class Columns {
  /** At {@code (c·paddedHeight + y)·kernelWidth + kx}, y counted with padding. */
  final int[][] arrays;

  final int paddedHeight;
  private final int kernelWidth;
  private final int stride;
  private final int padding;
  private final Rows in;
  private final int outWidth;
  private final boolean copied;

  Columns(Rows in, int kernelWidth, int stride, int padding, int outWidth, int block) {
    this.kernelWidth = kernelWidth;
    this.stride = stride;
    this.padding = padding;
    this.in = in;
    this.outWidth = outWidth;
    this.paddedHeight = in.shape.height() + 2 * padding;
    this.copied = kernelWidth > 1 || stride > 1 || padding > 0;
    this.arrays = new int[in.shape.channels() * paddedHeight * kernelWidth][];
    Arrays.fill(arrays, new int[outWidth * block]);
    for (int row = 0; row < in.rows.length; row++) {
      for (int kx = 0; kx < kernelWidth; kx++) {
        arrays[index(row, kx)] = copied ? new int[outWidth * block] : in.rows[row];
      }
    }
  }

  private int index(int row, int kx) {
    int c = row / in.shape.height();
    int y = row % in.shape.height() + padding;
    return (c * paddedHeight + y) * kernelWidth + kx;
  }

  /** Takes the input's current codes for {@code n} images. */
  void fill(int n) {
    if (!copied) {
      return;
    }
    for (int row = 0; row < in.rows.length; row++) {
      for (int kx = 0; kx < kernelWidth; kx++) {
        shift(in.rows[row], kx - padding, n, arrays[index(row, kx)]);
      }
    }
  }

  private void shift(int[] from, int offset, int n, int[] to) {
    for (int x = 0; x < outWidth; x++) {
      int source = x * stride + offset;
      if (source >= 0 && source < in.shape.width()) {
        System.arraycopy(from, source * n, to, x * n, n);
      } else {
        Arrays.fill(to, x * n, (x + 1) * n, 0);
      }
    }
  }
}
