package org.bitquake.engine;

import org.bitquake.network.Layer;

/** Sees the codes that flow through a network. */
@FunctionalInterface
public interface LayerObserver {
  /**
   * One layer's output for one image; layers come in order, and for each layer images in order
   * within blocks.
   *
   * @param image position of the image in the batch
   * @param position of the layer in {@code QuantizedNetwork.layers()}
   * @param codes {@code [C, H, W]} after the activation; valid during the call only, and not to be
   *     written to
   */
  void observe(int image, int position, Layer layer, int[] codes);
}
