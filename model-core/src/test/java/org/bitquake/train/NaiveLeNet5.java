package org.bitquake.train;

/**
 * LeNet-5 with quantised activations, one image at a time in double precision, written from the
 * definitions: the oracle of {@link QuantizedModel}. Max pooling sends its gradient to the first
 * maximum.
 */
final class NaiveLeNet5 {
  final double[][] weights;
  final double[][] biases;
  final double[] steps;
  final double high;
  final double[][] weightGradients = new double[5][];
  final double[][] biasGradients = new double[5][];
  final double[] stepGradients = new double[4];
  double loss;

  private static final int[] OUT = {6, 16, 120, 84, 10};
  private static final int[] IN = {1, 6, 400, 120, 84};
  private static final int[] SIZE = {28, 10, 1, 1, 1};
  private static final int[] INPUT_SIZE = {28, 14, 1, 1, 1};
  private static final int[] KERNEL = {5, 5, 1, 1, 1};
  private static final int[] PADDING = {2, 0, 0, 0, 0};

  NaiveLeNet5(double[][] weights, double[][] biases, double[] steps, int bits) {
    this.weights = weights;
    this.biases = biases;
    this.steps = steps;
    this.high = (1 << bits) - 1;
    for (int l = 0; l < 5; l++) {
      weightGradients[l] = new double[weights[l].length];
      biasGradients[l] = new double[biases[l].length];
    }
  }

  /** Adds the loss and the gradients of one image; λ weighs Σ|a|. */
  void accumulate(double[] image, int label, double lambda) {
    var inputs = new double[5][];
    var pre = new double[5][];
    var activations = new double[4][];
    inputs[0] = image;
    for (int l = 0; l < 5; l++) {
      pre[l] = layer(l, inputs[l]);
      if (l < 4) {
        activations[l] = quantize(pre[l], steps[l]);
        inputs[l + 1] = l < 2 ? pool(activations[l], OUT[l], SIZE[l]) : activations[l];
      }
    }
    double[] gradient = crossEntropy(pre[4], label);
    for (int l = 4; l >= 0; l--) {
      double[] down = backward(l, inputs[l], gradient);
      if (l > 0) {
        double[] atActivations =
            l <= 2 ? unpool(activations[l - 1], down, OUT[l - 1], SIZE[l - 1]) : down;
        gradient = throughRelu(l - 1, pre[l - 1], atActivations, lambda);
      }
    }
  }

  private double[] layer(int l, double[] in) {
    var out = new double[OUT[l] * SIZE[l] * SIZE[l]];
    visit(l, (o, i, w) -> out[o] += weights[l][w] * in[i]);
    for (int o = 0; o < out.length; o++) {
      out[o] += biases[l][o / (SIZE[l] * SIZE[l])];
    }
    return out;
  }

  private double[] backward(int l, double[] in, double[] gradient) {
    var down = new double[in.length];
    visit(
        l,
        (o, i, w) -> {
          weightGradients[l][w] += gradient[o] * in[i];
          down[i] += gradient[o] * weights[l][w];
        });
    for (int o = 0; o < gradient.length; o++) {
      biasGradients[l][o / (SIZE[l] * SIZE[l])] += gradient[o];
    }
    return down;
  }

  private interface Tap {
    void at(int output, int input, int weight);
  }

  private static void visit(int l, Tap tap) {
    int n = SIZE[l];
    int m = INPUT_SIZE[l];
    int k = KERNEL[l];
    for (int o = 0; o < OUT[l]; o++) {
      for (int y = 0; y < n; y++) {
        for (int x = 0; x < n; x++) {
          for (int c = 0; c < IN[l]; c++) {
            for (int ky = 0; ky < k; ky++) {
              for (int kx = 0; kx < k; kx++) {
                int iy = y + ky - PADDING[l];
                int ix = x + kx - PADDING[l];
                if (iy >= 0 && iy < m && ix >= 0 && ix < m) {
                  tap.at(
                      (o * n + y) * n + x,
                      (c * m + iy) * m + ix,
                      ((o * IN[l] + c) * k + ky) * k + kx);
                }
              }
            }
          }
        }
      }
    }
  }

  private double[] quantize(double[] x, double step) {
    var out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = Math.rint(Math.min(Math.max(x[i] / step, 0), high)) * step;
    }
    return out;
  }

  private double[] throughRelu(int l, double[] pre, double[] gradient, double lambda) {
    var out = new double[pre.length];
    double sum = 0;
    for (int i = 0; i < pre.length; i++) {
      double q = pre[i] / steps[l];
      double g = gradient[i] + lambda;
      out[i] = q > 0 && q <= high ? g : 0;
      sum += q <= 0 ? 0 : q <= high ? g * (Math.rint(q) - q) : g * high;
    }
    stepGradients[l] += sum / Math.sqrt(pre.length * high);
    return out;
  }

  private static double[] pool(double[] in, int channels, int size) {
    int half = size / 2;
    var out = new double[channels * half * half];
    for (int o = 0; o < out.length; o++) {
      out[o] = in[firstMaximum(in, o, size)];
    }
    return out;
  }

  private static double[] unpool(double[] in, double[] gradient, int channels, int size) {
    var out = new double[channels * size * size];
    for (int o = 0; o < gradient.length; o++) {
      out[firstMaximum(in, o, size)] += gradient[o];
    }
    return out;
  }

  private static int firstMaximum(double[] in, int output, int size) {
    int half = size / 2;
    int c = output / (half * half);
    int y = output / half % half;
    int x = output % half;
    int best = (c * size + 2 * y) * size + 2 * x;
    for (int d = 1; d < 4; d++) {
      int i = (c * size + 2 * y + d / 2) * size + 2 * x + d % 2;
      if (in[i] > in[best]) {
        best = i;
      }
    }
    return best;
  }

  private double[] crossEntropy(double[] logits, int label) {
    double sum = 0;
    for (double z : logits) {
      sum += Math.exp(z);
    }
    var gradient = new double[logits.length];
    for (int c = 0; c < logits.length; c++) {
      gradient[c] = Math.exp(logits[c]) / sum - (c == label ? 1 : 0);
    }
    loss += Math.log(sum) - logits[label];
    return gradient;
  }
}
