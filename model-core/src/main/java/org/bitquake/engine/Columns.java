package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.network.Convolution.Geometry;

/**
 * What a convolution reads, arranged so that each tap of each output row is one array of the output
 * row's length: for every kernel column kx, the input rows shifted by kx, thinned by the stride and
 * padded. Rows above and below the image are one shared row of zeros.
 */
final class Columns {
  /** At {@code (c·paddedHeight + y)·kernelWidth + kx}, y counted with padding. */
  final int[][] arrays;

  final int paddedHeight;
  private final Geometry geometry;
  private final Rows in;
  private final int outWidth;
  private final boolean copied;

  Columns(Geometry geometry, Rows in, int outWidth, int block) {
    this.geometry = geometry;
    this.in = in;
    this.outWidth = outWidth;
    this.paddedHeight = in.shape.height() + 2 * geometry.padding();
    this.copied = geometry.kernelWidth() > 1 || geometry.stride() > 1 || geometry.padding() > 0;
    this.arrays = new int[in.shape.channels() * paddedHeight * geometry.kernelWidth()][];
    Arrays.fill(arrays, new int[outWidth * block]);
    for (int row = 0; row < in.rows.length; row++) {
      for (int kx = 0; kx < geometry.kernelWidth(); kx++) {
        arrays[index(row, kx)] = copied ? new int[outWidth * block] : in.rows[row];
      }
    }
  }

  private int index(int row, int kx) {
    int c = row / in.shape.height();
    int y = row % in.shape.height() + geometry.padding();
    return (c * paddedHeight + y) * geometry.kernelWidth() + kx;
  }

  /** Takes the input's current codes for {@code n} images. */
  void fill(int n) {
    if (!copied) {
      return;
    }
    for (int row = 0; row < in.rows.length; row++) {
      for (int kx = 0; kx < geometry.kernelWidth(); kx++) {
        shift(in.rows[row], kx - geometry.padding(), n, arrays[index(row, kx)]);
      }
    }
  }

  private void shift(int[] from, int offset, int n, int[] to) {
    for (int x = 0; x < outWidth; x++) {
      int source = x * geometry.stride() + offset;
      if (source >= 0 && source < in.shape.width()) {
        System.arraycopy(from, source * n, to, x * n, n);
      } else {
        Arrays.fill(to, x * n, (x + 1) * n, 0);
      }
    }
  }
}
