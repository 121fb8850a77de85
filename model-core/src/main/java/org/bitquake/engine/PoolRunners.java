package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.MaxPool;

/** Layers without weights. */
final class PoolRunners {
  private PoolRunners() {}

  static LayerRunner maximum(MaxPool pool, Rows in, Rows out, int block) {
    int[] tallest = new int[in.shape.width() * block];
    return n -> {
      int height = out.shape.height();
      for (int row = 0; row < out.rows.length; row++) {
        int first = row / height * in.shape.height() + row % height * pool.stride();
        Arrays.fill(tallest, 0, in.shape.width() * n, 0); // codes are unsigned: 0 is the least
        for (int dy = 0; dy < pool.size(); dy++) {
          Kernels.maximum(in.rows[first + dy], in.shape.width() * n, tallest);
        }
        along(pool, tallest, n, out.shape.width(), out.rows[row]);
      }
    };
  }

  private static void along(MaxPool pool, int[] row, int n, int outWidth, int[] out) {
    for (int x = 0; x < outWidth; x++) {
      int from = x * pool.stride() * n;
      for (int i = 0; i < n; i++) {
        int most = row[from + i];
        for (int dx = 1; dx < pool.size(); dx++) {
          most = Math.max(most, row[from + dx * n + i]);
        }
        out[x * n + i] = most;
      }
    }
  }

  static LayerRunner sum(Rows in, Rows out) {
    Shape from = in.shape;
    return n -> {
      for (int c = 0; c < from.channels(); c++) {
        int[] total = out.rows[c];
        Arrays.fill(total, 0, n, 0);
        for (int y = 0; y < from.height(); y++) {
          int[] row = in.rows[c * from.height() + y];
          for (int k = 0; k < from.width() * n; k++) {
            total[k % n] += row[k];
          }
        }
      }
    };
  }
}
