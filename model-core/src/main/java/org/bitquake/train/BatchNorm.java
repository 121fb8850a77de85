package org.bitquake.train;

import java.util.Arrays;

/**
 * Batch normalisation (arXiv 1502.03167) over {@code [B, C, area]} arrays, with running statistics
 * for inference. DL4J's own takes many passes over memory; this one takes three.
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
  private final float[] inverse;
  private long measured;
  private float[] normalized = new float[0];

  BatchNorm(int channels) {
    this.channels = channels;
    gamma = filled(1);
    beta = filled(0);
    gammaGradient = filled(0);
    betaGradient = filled(0);
    mean = filled(0);
    variance = filled(1);
    inverse = filled(1);
    sums = new double[channels];
    squares = new double[channels];
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

  /** Normalises in place. */
  void forward(float[] x, int batch, int area, Mode mode) {
    int length = batch * channels * area;
    normalized = NativeFloats.atLeast(normalized, length);
    boolean own = mode == Mode.TRAIN || mode == Mode.REPEAT;
    for (int c = 0; c < channels; c++) {
      double m = mean[c];
      double v = variance[c];
      if (own) {
        double n = (double) batch * area;
        m = sum(x, c, batch, area) / n;
        v = squares(x, c, batch, area, (float) m) / n;
        if (mode == Mode.TRAIN) {
          mean[c] = (float) ((1 - MOMENTUM) * mean[c] + MOMENTUM * m);
          variance[c] = (float) ((1 - MOMENTUM) * variance[c] + MOMENTUM * v * n / (n - 1));
        }
      } else if (mode == Mode.MEASURE) {
        sums[c] += sum(x, c, batch, area);
        squares[c] += squares(x, c, batch, area, 0);
      }
      inverse[c] = (float) (1 / Math.sqrt(v + EPSILON));
      normalize(x, c, batch, area, (float) m);
    }
    measured += mode == Mode.MEASURE ? (long) batch * area : 0;
  }

  private void normalize(float[] x, int c, int batch, int area, float m) {
    float scale = inverse[c];
    float g = gamma[c];
    float b = beta[c];
    for (int i = c * area; i < batch * channels * area; i += channels * area) {
      for (int k = i; k < i + area; k++) {
        float z = (x[k] - m) * scale;
        normalized[k] = z;
        x[k] = g * z + b;
      }
    }
  }

  /** Writes the output of the last {@link #forward} again. */
  void output(float[] y, int batch, int area) {
    for (int i = 0, row = 0; row < batch * channels; row++) {
      float g = gamma[row % channels];
      float b = beta[row % channels];
      for (int end = i + area; i < end; i++) {
        y[i] = g * normalized[i] + b;
      }
    }
  }

  /** The gradient through batch statistics, in place; those of γ and β beside it. */
  void backward(float[] gradient, int batch, int area) {
    double n = (double) batch * area;
    for (int c = 0; c < channels; c++) {
      double db = sum(gradient, c, batch, area);
      double dg = products(gradient, c, batch, area);
      betaGradient[c] = (float) db;
      gammaGradient[c] = (float) dg;
      float scale = gamma[c] * inverse[c];
      float first = (float) (db / n);
      float second = (float) (dg / n);
      for (int i = c * area; i < batch * channels * area; i += channels * area) {
        for (int k = i; k < i + area; k++) {
          gradient[k] = scale * (gradient[k] - first - normalized[k] * second);
        }
      }
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

  private double sum(float[] x, int c, int batch, int area) {
    double s = 0;
    for (int i = c * area; i < batch * channels * area; i += channels * area) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      int k = i;
      for (; k < i + area - 3; k += 4) {
        s0 += x[k];
        s1 += x[k + 1];
        s2 += x[k + 2];
        s3 += x[k + 3];
      }
      for (; k < i + area; k++) {
        s0 += x[k];
      }
      s += s0 + s1 + (s2 + s3);
    }
    return s;
  }

  private double squares(float[] x, int c, int batch, int area, float from) {
    double s = 0;
    for (int i = c * area; i < batch * channels * area; i += channels * area) {
      double s0 = 0;
      double s1 = 0;
      int k = i;
      for (; k < i + area - 1; k += 2) {
        double d0 = x[k] - from;
        double d1 = x[k + 1] - from;
        s0 += d0 * d0;
        s1 += d1 * d1;
      }
      for (; k < i + area; k++) {
        double d = x[k] - from;
        s0 += d * d;
      }
      s += s0 + s1;
    }
    return s;
  }

  private double products(float[] x, int c, int batch, int area) {
    double s = 0;
    for (int i = c * area; i < batch * channels * area; i += channels * area) {
      double s0 = 0;
      double s1 = 0;
      int k = i;
      for (; k < i + area - 1; k += 2) {
        s0 += x[k] * (double) normalized[k];
        s1 += x[k + 1] * (double) normalized[k + 1];
      }
      for (; k < i + area; k++) {
        s0 += x[k] * (double) normalized[k];
      }
      s += s0 + s1;
    }
    return s;
  }
}
