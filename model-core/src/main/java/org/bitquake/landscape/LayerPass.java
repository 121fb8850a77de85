package org.bitquake.landscape;

/** A layer, ready to run on the block of images that its input holds. */
interface LayerPass {
  void forward();
}
