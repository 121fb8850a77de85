package org.bitquake.engine.vector;

/** One layer, ready to run on a block of images. */
interface Step {
  /** Computes the layer's output for {@code n} images. */
  void run(int n);
}
