package org.bitquake.engine.incremental;

/** What one layer does with the codes that it reads. */
interface Propagation {
  /** Computes all outputs of an image. */
  void forward(ImageTrace image);

  /**
   * Brings the outputs up to date with the changed inputs.
   *
   * @return false if the budget was spent before
   */
  boolean update(ImageTrace image, Changes changes);
}
