package org.bitquake.engine;

import org.bitquake.data.Shape;
import org.bitquake.memory.StoredCodes;

/**
 * A tensor of codes for a block of images: one {@code int[]} per row {@code c·H + y}, which holds
 * the code of position x and image i at {@code x·n + i}, n the images in the block.
 *
 * <p>C2 vectorises loops over such a row, and only where each operand is an array of its own that
 * is read from its start; long rows also keep the loops' overhead small when there are few images.
 */
final class Rows {
  final Shape shape;
  final int[][] rows;

  Rows(Shape shape, int block) {
    this.shape = shape;
    this.rows = new int[shape.channels() * shape.height()][shape.width() * block];
  }

  /** What it holds for a block of {@code n} images. */
  StoredCodes codes(int n) {
    int width = shape.width();
    return new StoredCodes() {
      @Override
      public int get(int image, int position) {
        return rows[position / width][position % width * n + image];
      }

      @Override
      public void set(int image, int position, int code) {
        rows[position / width][position % width * n + image] = code;
      }
    };
  }
}
