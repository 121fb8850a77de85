package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.MaxPool;

/** Layers without weights. */
final class PoolRunners {
  private PoolRunners() {}

  static LayerRunner maximum(MaxPool pool, Planes in, Planes out) {
    return lanes -> {
      Shape to = out.shape;
      int position = 0;
      for (int c = 0; c < to.channels(); c++) {
        for (int y = 0; y < to.height(); y++) {
          for (int x = 0; x < to.width(); x++) {
            window(pool, in, c, y, x, lanes, out.codes[position++]);
          }
        }
      }
    };
  }

  private static void window(MaxPool pool, Planes in, int c, int y, int x, int lanes, int[] out) {
    Shape from = in.shape;
    Arrays.fill(out, 0, lanes, 0); // codes are unsigned: 0 is the least
    for (int dy = 0; dy < pool.size(); dy++) {
      int row = (c * from.height() + y * pool.stride() + dy) * from.width() + x * pool.stride();
      for (int dx = 0; dx < pool.size(); dx++) {
        Kernels.maximum(in.codes[row + dx], lanes, out);
      }
    }
  }

  static LayerRunner sum(Planes in, Planes out) {
    return lanes -> {
      int positions = in.shape.height() * in.shape.width();
      for (int c = 0; c < in.shape.channels(); c++) {
        Arrays.fill(out.codes[c], 0, lanes, 0);
        for (int i = 0; i < positions; i++) {
          Kernels.add(in.codes[c * positions + i], lanes, out.codes[c]);
        }
      }
    };
  }
}
