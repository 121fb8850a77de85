package org.bitquake.engine;

import java.util.Arrays;
import java.util.List;
import org.bitquake.network.Activation;
import org.bitquake.network.Add;
import org.bitquake.network.Concat;
import org.bitquake.network.Pad;
import org.bitquake.network.TensorCodes;

/** Layers that take whole tensors position by position. */
final class TensorRunners {
  private TensorRunners() {}

  /**
   * @param read what the operands' codes are
   */
  static LayerRunner add(Add layer, Rows a, Rows b, List<TensorCodes> read, Rows out) {
    Activation codes = layer.activation();
    int width = out.shape.width();
    int aZero = read.get(0).zero();
    int bZero = read.get(1).zero();
    return n -> {
      for (int row = 0; row < out.rows.length; row++) {
        Kernels.addScaled(
            a.rows[row],
            aZero,
            layer.ratio(),
            b.rows[row],
            bZero,
            layer.secondRatio(),
            width * n,
            codes.zero(),
            codes.maxCode(),
            out.rows[row]);
      }
    };
  }

  /**
   * @param read what the parts' codes are
   */
  static LayerRunner concat(Concat layer, List<Rows> parts, List<TensorCodes> read, Rows out) {
    Activation codes = layer.activation();
    int width = out.shape.width();
    return n -> {
      int to = 0;
      for (int p = 0; p < parts.size(); p++) {
        for (int[] row : parts.get(p).rows) {
          Kernels.rescale(
              row,
              width * n,
              read.get(p).zero(),
              layer.ratios().get(p),
              codes.zero(),
              codes.maxCode(),
              out.rows[to++]);
        }
      }
    };
  }

  /**
   * @param zero the code of 0
   */
  static LayerRunner pad(Pad layer, Rows in, int zero, Rows out) {
    for (int[] row : out.rows) {
      Arrays.fill(row, zero); // and what is not written stays
    }
    int height = in.shape.height();
    int width = in.shape.width();
    return n -> {
      for (int row = 0; row < in.rows.length; row++) {
        int to = row / height * out.shape.height() + row % height + layer.top();
        Arrays.fill(out.rows[to], zero);
        System.arraycopy(in.rows[row], 0, out.rows[to], layer.left() * n, width * n);
      }
    };
  }
}
