package org.bitquake.engine.onednn;

import java.util.List;
import org.bitquake.Text;
import org.bitquake.network.Convolution;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/** The weights of one layer in native memory, in the layout that the layer's primitive wants. */
interface LayerWeights {
  memory packed();

  /**
   * Packs these codes, unless they are the ones that are there.
   *
   * @return whether their sums are exact; if not, nothing was packed
   */
  boolean load(byte[] codes, stream queue);

  /** Refuses codes of a wrong number or outside the range of the layers' bits. */
  static void check(List<Convolution> layers, byte[][] codes) {
    for (int i = 0; i < codes.length; i++) {
      check(layers.get(i), codes[i]);
    }
  }

  private static void check(Convolution layer, byte[] codes) {
    int needed = layer.weights().codes().length;
    int bits = layer.weights().bits();
    if (codes.length != needed || !CodeRange.holds(codes, bits)) {
      throw new IllegalArgumentException(
          Text.of(
              "layer %s needs %d codes in %d…%d; got %d%s",
              layer.name(),
              needed,
              -(1 << (bits - 1)),
              (1 << (bits - 1)) - 1,
              codes.length,
              codes.length == needed ? ", some outside" : ""));
    }
  }
}
