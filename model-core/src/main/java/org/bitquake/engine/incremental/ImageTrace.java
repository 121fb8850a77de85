package org.bitquake.engine.incremental;

/**
 * All numbers of one image on its way through a network, channels innermost: {@code [H, W, C]}.
 *
 * <p>A run changes them in place and puts them back.
 */
public final class ImageTrace {
  /** The input's codes, then those of each layer; the last layer has none. */
  final int[][] codes;

  /** The accumulators of each layer; null for those without weights. */
  final int[][] sums;

  final float[] logits;
  int prediction;

  ImageTrace(int[][] codes, int[][] sums, int classes) {
    this.codes = codes;
    this.sums = sums;
    this.logits = new float[classes];
  }

  /** The logits without a fault, {@code [classes]}; not to be written to. */
  public float[] logits() {
    return logits;
  }

  /** The predicted class without a fault: the first maximum of the logits. */
  public int prediction() {
    return prediction;
  }
}
