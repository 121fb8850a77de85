package org.bitquake.landscape;

/**
 * Softmax cross-entropy of logits {@code z[class·stride + at]}, in double with {@link StrictMath}:
 * the same bits everywhere.
 */
final class CrossEntropy {
  private final int classes;
  private final int stride;
  private final double[] p;

  CrossEntropy(int classes, int stride) {
    this.classes = classes;
    this.stride = stride;
    this.p = new double[classes];
  }

  /** {@code −log softmax(z)[label]}; leaves the probabilities in {@link #probability}. */
  double loss(float[] z, int at, int label) {
    double most = z[at];
    for (int c = 1; c < classes; c++) {
      most = Math.max(most, z[c * stride + at]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      p[c] = StrictMath.exp(z[c * stride + at] - most);
      sum += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= sum;
    }
    return StrictMath.log(sum) - (z[label * stride + at] - most);
  }

  /** Softmax of the last {@link #loss}. */
  double probability(int c) {
    return p[c];
  }

  /** The first maximum. */
  int prediction(float[] z, int at) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (z[c * stride + at] > z[best * stride + at]) {
        best = c;
      }
    }
    return best;
  }
}
