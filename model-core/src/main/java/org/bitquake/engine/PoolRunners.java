package org.bitquake.engine;

import java.util.Arrays;
import org.bitquake.data.Shape;
import org.bitquake.network.AveragePool;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Window;

/** Layers that look at windows of one channel, without weights. */
final class PoolRunners {
  private PoolRunners() {}

  static LayerRunner maximum(MaxPool pool, Rows in, Rows out, int block) {
    Window window = pool.window();
    Shape to = out.shape;
    var columns = new Columns(in, window, 0, block);
    return n -> {
      columns.fill(n);
      for (int row = 0; row < out.rows.length; row++) {
        int channel = row / to.height() * columns.channelStride();
        int y = row % to.height();
        int first = channel + columns.tap(0, 0, y);
        System.arraycopy(columns.arrays[first], 0, out.rows[row], 0, to.width() * n);
        for (int tap = 1; tap < window.taps(); tap++) {
          int ky = tap / window.kernelWidth();
          int at = channel + columns.tap(ky, tap % window.kernelWidth(), y);
          Kernels.maximum(columns.arrays[at], to.width() * n, out.rows[row]);
        }
      }
    };
  }

  /**
   * @param zero the input's code of 0
   */
  static LayerRunner average(AveragePool pool, Rows in, int zero, Rows out, int block) {
    Window window = pool.window();
    Shape to = out.shape;
    var columns = new Columns(in, window, zero, block);
    int[] sum = new int[to.width() * block];
    return n -> {
      columns.fill(n);
      for (int row = 0; row < out.rows.length; row++) {
        int channel = row / to.height() * columns.channelStride();
        int y = row % to.height();
        Arrays.fill(sum, 0, to.width() * n, 0);
        for (int tap = 0; tap < window.taps(); tap++) {
          int ky = tap / window.kernelWidth();
          int at = channel + columns.tap(ky, tap % window.kernelWidth(), y);
          Kernels.add(columns.arrays[at], to.width() * n, sum);
        }
        for (int x = 0; x < to.width(); x++) {
          float factor = pool.factor(pool.positions(y, x));
          scale(sum, x * n, (x + 1) * n, factor, pool, out.rows[row]);
        }
      }
    };
  }

  private static void scale(
      int[] sum, int from, int to, float factor, AveragePool pool, int[] out) {
    int zero = pool.activation().zero();
    int max = pool.activation().maxCode();
    for (int i = from; i < to; i++) {
      out[i] = Kernels.round((float) sum[i] * factor, zero, max);
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
