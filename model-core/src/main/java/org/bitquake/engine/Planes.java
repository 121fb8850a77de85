package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.data.Shape;

/**
 * A tensor of codes for a block of images, batch innermost: one {@code int[]} per position {@code
 * (c·H + y)·W + x} that holds that position's code of every image. C2 vectorises loops over images
 * only where each such plane is an array of its own.
 */
final class Planes {
  final Shape shape;
  final int[][] codes;

  Planes(Shape shape, int lanes) {
    this.shape = shape;
    this.codes = new int[shape.size()][lanes];
  }

  /**
   * These planes with a border of {@code padding} positions of code 0, {@code [C, H + 2p, W + 2p]}.
   * No code is copied: the border is one shared plane of zeros.
   */
  int[][] padded(int padding, int[] zeros) {
    if (padding == 0) {
      return codes;
    }
    int height = shape.height() + 2 * padding;
    int width = shape.width() + 2 * padding;
    int[][] view = new int[shape.channels() * height * width][];
    Arrays.fill(view, zeros);
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        System.arraycopy(
            codes,
            (c * shape.height() + y) * shape.width(),
            view,
            (c * height + y + padding) * width + padding,
            shape.width());
      }
    }
    return view;
  }
}
