package org.bitquake.engine;

/** One layer of a network, ready to run on a block of images. */
interface LayerRunner {
  /** Computes the layer's planes for the first {@code lanes} images of the block. */
  void run(int lanes);
}
