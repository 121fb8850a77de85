package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.MaxPool;

/** Layers without weights. */
final class PoolRunners {
  private PoolRunners() {}

  static LayerRunner maximum(MaxPool pool, Rows in, Rows out, int block) {
    int size = pool.size();
    Shape to = out.shape;
    var columns = new Columns(in, size, pool.stride(), 0, to.width(), block);
    return n -> {
      columns.fill(n);
      for (int row = 0; row < out.rows.length; row++) {
        int y = row / to.height() * in.shape.height() + row % to.height() * pool.stride();
        System.arraycopy(columns.arrays[y * size], 0, out.rows[row], 0, to.width() * n);
        for (int tap = 1; tap < size * size; tap++) {
          Kernels.maximum(columns.arrays[y * size + tap], to.width() * n, out.rows[row]);
        }
      }
    };
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
