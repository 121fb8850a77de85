package org.bitquake.train;

import java.util.Arrays;

/**
 * Batch normalisation (arXiv 1502.03167), with running statistics for inference. A batch comes
 * image by image, {@code [C, area]}, once for its statistics and once more to be normalised; DL4J's
 * own takes many passes over memory.
 *
 * <p>What belongs to a channel is also kept for every position of an image, in <em>planes</em>,
 * because the compiler makes vectors of plain loops from 0 alone.
 */
final class BatchNorm {
  private static final double EPSILON = 1e-5;
  private static final double MOMENTUM = 0.1;

  /** What to normalise with, and what becomes of the running statistics. */
  enum Mode {
    /** The batch's statistics, which also enter the running ones. */
    TRAIN,
    /** The batch's statistics only, as in SAQ's second pass. */
    REPEAT,
    /** The running statistics. */
    INFER,
    /** The running statistics, while the input's are gathered for {@link #recentre}. */
    MEASURE
  }

  final float[] gamma;
  final float[] beta;
  final float[] gammaGradient;
  final float[] betaGradient;
  final float[] mean;
  final float[] variance;

  private final int channels;
  private final double[] sums;
  private final double[] squares;
  private final double[] inverse;
  private long measured;

  private int images;
  private int area;
  private float[] centre = new float[0];
  private float[] gain = new float[0];
  private float[] offset = new float[0];
  private float[] first = new float[0];
  private float[] second = new float[0];

  BatchNorm(int channels) {
    this.channels = channels;
    gamma = filled(1);
    beta = filled(0);
    gammaGradient = filled(0);
    betaGradient = filled(0);
    mean = filled(0);
    variance = filled(1);
    sums = new double[channels];
    squares = new double[channels];
    inverse = new double[channels];
  }

  private float[] filled(float value) {
    var values = new float[channels];
    Arrays.fill(values, value);
    return values;
  }

  /** {@code γ / √(variance + ε)} of a channel: what one unit of the sum is worth. */
  double gain(int channel) {
    return gamma[channel] / Math.sqrt(variance[channel] + EPSILON);
  }

  double mean(int channel) {
    return mean[channel];
  }

  /** Becomes {@code gain · x + offset} for every channel, by running statistics of 0 and 1 − ε. */
  void become(int channel, double gain, double offset) {
    gamma[channel] = (float) gain;
    beta[channel] = (float) offset;
    mean[channel] = 0;
    variance[channel] = (float) (1 - EPSILON);
  }

  /** Begins a forward pass over images of so many positions. */
  void begin(int positions) {
    area = positions;
    centre = plane(centre);
    gain = plane(gain);
    offset = plane(offset);
    first = plane(first);
    second = plane(second);
    restart();
  }

  private float[] plane(float[] before) {
    return before.length == channels * area ? before : new float[channels * area];
  }

  private void restart() {
    images = 0;
    Arrays.fill(first, 0);
    Arrays.fill(second, 0);
  }

  /**
   * Adds an image to the batch's statistics. Values are taken from the channel's mean in the first
   * image, which is near enough to that of the batch for squares to be summed at once: its share in
   * the variance bounds how far away it is.
   */
  void gather(float[] x) {
    for (int c = 0; c < channels && images == 0; c++) {
      spread(sum(x, c) / area, c, centre);
    }
    images++;
    for (int k = 0; k < centre.length; k++) {
      float d = x[k] - centre[k];
      first[k] += d;
      second[k] += d * d;
    }
  }

  /** Ends the statistics, which all modes but {@link Mode#INFER} need. */
  void settle(Mode mode) {
    double n = (double) images * area;
    for (int c = 0; c < channels; c++) {
      double m = mean[c];
      double v = variance[c];
      if (mode != Mode.INFER) {
        double shift = sum(first, c) / n;
        double ownMean = centre[c * area] + shift;
        double ownVariance = Math.max(sum(second, c) / n - shift * shift, 0);
        if (mode == Mode.MEASURE) {
          sums[c] += n * ownMean;
          squares[c] += n * (ownVariance + ownMean * ownMean);
        } else {
          m = ownMean;
          v = ownVariance;
        }
      }
      if (mode == Mode.TRAIN) {
        mean[c] = (float) ((1 - MOMENTUM) * mean[c] + MOMENTUM * m);
        variance[c] = (float) ((1 - MOMENTUM) * variance[c] + MOMENTUM * v * n / (n - 1));
      }
      inverse[c] = 1 / Math.sqrt(v + EPSILON);
      spread(m, c, centre);
      spread(gamma[c] * inverse[c], c, gain);
      spread(beta[c], c, offset);
    }
    measured += mode == Mode.MEASURE ? (long) n : 0;
    restart();
  }

  /** Normalises an image in place. */
  void normalize(float[] x) {
    for (int k = 0; k < centre.length; k++) {
      x[k] = (x[k] - centre[k]) * gain[k] + offset[k];
    }
  }

  /** Adds an image, as it was before normalisation, to the gradients of γ and β. */
  void gatherGradient(float[] x, float[] gradient) {
    images++;
    for (int k = 0; k < centre.length; k++) {
      first[k] += gradient[k];
      second[k] += gradient[k] * (x[k] - centre[k]);
    }
  }

  /** Ends the gradients of γ and β. */
  void settleGradient() {
    double n = (double) images * area;
    for (int c = 0; c < channels; c++) {
      double db = sum(first, c);
      double dg = sum(second, c) * inverse[c];
      betaGradient[c] = (float) db;
      gammaGradient[c] = (float) dg;
      spread(db / n, c, first);
      spread(dg / n * inverse[c], c, second);
    }
  }

  /** The gradient at an image through the batch's statistics, in place. */
  void backward(float[] x, float[] gradient) {
    for (int k = 0; k < centre.length; k++) {
      gradient[k] = gain[k] * (gradient[k] - first[k] - (x[k] - centre[k]) * second[k]);
    }
  }

  /**
   * Makes the measured statistics the running ones and changes γ and β so that inference stays what
   * it is.
   */
  void recentre() {
    for (int c = 0; c < channels; c++) {
      double gain = gain(c);
      double offset = beta[c] - gain * mean[c];
      double m = sums[c] / measured;
      double v = Math.max(squares[c] / measured - m * m, 0);
      mean[c] = (float) m;
      variance[c] = (float) v;
      gamma[c] = (float) (gain * Math.sqrt(v + EPSILON));
      beta[c] = (float) (offset + gain * m);
    }
  }

  private double sum(float[] plane, int c) {
    double s = 0;
    for (int k = c * area; k < (c + 1) * area; k++) {
      s += plane[k];
    }
    return s;
  }

  private void spread(double value, int c, float[] plane) {
    Arrays.fill(plane, c * area, (c + 1) * area, (float) value);
  }
}
