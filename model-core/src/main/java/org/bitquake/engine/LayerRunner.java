package org.bitquake.engine;

/** One layer of a network, ready to run on a block of images. */
interface LayerRunner {
  /** Computes the layer's rows for a block of {@code n} images. */
  void run(int n);
}
