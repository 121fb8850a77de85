package org.bitquake.train;

import java.util.Optional;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * Training-mode passes of a network in double precision, written from the definitions: the oracle
 * of {@link QuantizedModel}. Of the integer network it takes the graph alone. Max pooling sends its
 * gradient to the first maximum.
 */
final class NaiveNetwork {
  private static final double EPSILON = 1e-5;

  /**
   * Parameters of a layer with weights.
   *
   * @param offsets biases, or β where there are gammas
   * @param step of its activations; 0 for the logits
   */
  record Parameters(double[] weights, double[] offsets, Optional<double[]> gammas, double step) {}

  final double[][] weightGradients;
  final double[][] offsetGradients;
  final double[][] gammaGradients;
  final double[] stepGradients;

  /** Before LSQ's scaling. */
  final double[] stepSums;

  double loss;

  private final QuantizedNetwork graph;
  private final Parameters[] parameters;
  private final double high;
  private final double[][][] outputs;
  private final double[][][] pre;
  private final double[][][] normalized;
  private final double[][] inverse;
  private final double[][][] gradients;
  private double[][] images;

  /**
   * @param parameters by position in the graph, null for layers without weights
   */
  NaiveNetwork(QuantizedNetwork graph, Parameters[] parameters, int bits) {
    this.graph = graph;
    this.parameters = parameters;
    high = (1 << bits) - 1;
    int n = parameters.length;
    weightGradients = new double[n][];
    offsetGradients = new double[n][];
    gammaGradients = new double[n][];
    stepGradients = new double[n];
    stepSums = new double[n];
    outputs = new double[n][][];
    pre = new double[n][][];
    normalized = new double[n][][];
    inverse = new double[n][];
    gradients = new double[n][][];
  }

  /** One pass; λ weighs Σ|a|. Gradients are sums over the batch. */
  void run(double[][] batch, int[] labels, double lambda) {
    images = batch;
    int last = parameters.length - 1;
    for (int p = 0; p <= last; p++) {
      forward(p, graph.layers().get(p));
    }
    for (int p = 0; p <= last; p++) {
      gradients[p] = new double[batch.length][outputs[p][0].length];
    }
    for (int b = 0; b < batch.length; b++) {
      gradients[last][b] = crossEntropy(outputs[last][b], labels[b]);
    }
    for (int p = last; p >= 0; p--) {
      backward(p, graph.layers().get(p), lambda);
    }
  }

  private double[][] input(int position) {
    return position == QuantizedNetwork.INPUT ? images : outputs[position];
  }

  private void forward(int p, Layer layer) {
    double[][] in = input(layer.input());
    outputs[p] = new double[in.length][layer.outputShape().size()];
    if (layer instanceof Convolution c) {
      for (int b = 0; b < in.length; b++) {
        double[] out = outputs[p][b];
        double[] x = in[b];
        visit(c, (o, i, w) -> out[o] += parameters[p].weights()[w] * x[i]);
      }
      affine(p, c);
      pre[p] = new double[in.length][];
      for (int b = 0; b < in.length; b++) {
        finish(p, c, b);
      }
    } else if (layer instanceof MaxPool m) {
      for (int b = 0; b < in.length; b++) {
        for (int o = 0; o < outputs[p][b].length; o++) {
          outputs[p][b][o] = in[b][firstMaximum(in[b], o, m)];
        }
      }
    } else if (layer instanceof GlobalSum g) {
      int area = g.inputShape().height() * g.inputShape().width();
      for (int b = 0; b < in.length; b++) {
        for (int i = 0; i < in[b].length; i++) {
          outputs[p][b][i / area] += in[b][i] / area;
        }
      }
    }
  }

  /** Adds biases, or normalises over the batch. */
  private void affine(int p, Convolution c) {
    int channels = c.outputShape().channels();
    int area = c.outputShape().size() / channels;
    double[][] x = outputs[p];
    normalized[p] = new double[x.length][x[0].length];
    inverse[p] = new double[channels];
    double n = (double) x.length * area;
    for (int k = 0; k < channels; k++) {
      double mean = 0;
      double variance = 0;
      boolean norm = parameters[p].gammas().isPresent();
      for (int i = 0; norm && i < x.length * area; i++) {
        mean += x[i / area][k * area + i % area] / n;
      }
      for (int i = 0; norm && i < x.length * area; i++) {
        double d = x[i / area][k * area + i % area] - mean;
        variance += d * d / n;
      }
      inverse[p][k] = norm ? 1 / Math.sqrt(variance + EPSILON) : 1;
      double gamma = norm ? parameters[p].gammas().get()[k] : 1;
      for (int i = 0; i < x.length * area; i++) {
        int at = k * area + i % area;
        double z = (x[i / area][at] - mean) * inverse[p][k];
        normalized[p][i / area][at] = z;
        x[i / area][at] = gamma * z + parameters[p].offsets()[k];
      }
    }
  }

  private void finish(int p, Convolution c, int b) {
    double[] y = outputs[p][b];
    c.residual()
        .ifPresent(
            r -> {
              for (int o = 0; o < y.length; o++) {
                y[o] += outputs[r.source()][b][o];
              }
            });
    pre[p][b] = y.clone();
    double step = parameters[p].step();
    for (int o = 0; step > 0 && o < y.length; o++) {
      y[o] = Math.rint(Math.min(Math.max(y[o] / step, 0), high)) * step;
    }
  }

  private void backward(int p, Layer layer, double lambda) {
    for (int b = 0; b < images.length; b++) {
      double[] g = gradients[p][b];
      if (layer instanceof MaxPool m) {
        for (int o = 0; o < g.length; o++) {
          gradients[m.input()][b][firstMaximum(outputs[m.input()][b], o, m)] += g[o];
        }
      } else if (layer instanceof GlobalSum s) {
        int area = s.inputShape().height() * s.inputShape().width();
        for (int i = 0; i < s.inputShape().size(); i++) {
          gradients[s.input()][b][i] += g[i / area] / area;
        }
      } else if (parameters[p].step() > 0) {
        throughRelu(p, b, lambda);
      }
    }
    if (layer instanceof Convolution c) {
      c.residual().ifPresent(r -> add(gradients[r.source()], gradients[p]));
      throughAffine(p, c);
      throughSums(p, c);
    }
  }

  private void throughRelu(int p, int b, double lambda) {
    double[] g = gradients[p][b];
    double step = parameters[p].step();
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      double q = pre[p][b][i] / step;
      double arriving = g[i] + lambda;
      g[i] = q > 0 && q <= high ? arriving : 0;
      sum += q <= 0 ? 0 : q <= high ? arriving * (Math.rint(q) - q) : arriving * high;
    }
    stepSums[p] += sum;
    stepGradients[p] += sum / Math.sqrt(g.length * high);
  }

  private void throughAffine(int p, Convolution c) {
    int channels = c.outputShape().channels();
    int area = c.outputShape().size() / channels;
    int n = images.length * area;
    offsetGradients[p] = new double[channels];
    gammaGradients[p] = new double[channels];
    for (int k = 0; k < channels; k++) {
      for (int i = 0; i < n; i++) {
        int at = k * area + i % area;
        offsetGradients[p][k] += gradients[p][i / area][at];
        gammaGradients[p][k] += gradients[p][i / area][at] * normalized[p][i / area][at];
      }
      for (int i = 0; parameters[p].gammas().isPresent() && i < n; i++) {
        int at = k * area + i % area;
        double z = normalized[p][i / area][at];
        double centred =
            gradients[p][i / area][at] - offsetGradients[p][k] / n - z * gammaGradients[p][k] / n;
        gradients[p][i / area][at] = parameters[p].gammas().get()[k] * inverse[p][k] * centred;
      }
    }
  }

  private void throughSums(int p, Convolution c) {
    weightGradients[p] = new double[parameters[p].weights().length];
    for (int b = 0; b < images.length; b++) {
      double[] g = gradients[p][b];
      double[] x = input(c.input())[b];
      double[] down =
          c.input() == QuantizedNetwork.INPUT ? new double[x.length] : gradients[c.input()][b];
      visit(
          c,
          (o, i, w) -> {
            weightGradients[p][w] += g[o] * x[i];
            down[i] += g[o] * parameters[p].weights()[w];
          });
    }
  }

  private static void add(double[][] to, double[][] from) {
    for (int b = 0; b < to.length; b++) {
      for (int i = 0; i < to[b].length; i++) {
        to[b][i] += from[b][i];
      }
    }
  }

  private interface Tap {
    void at(int output, int input, int weight);
  }

  private static void visit(Convolution c, Tap tap) {
    var g = c.geometry();
    var in = c.inputShape();
    var out = c.outputShape();
    int perGroup = in.channels() / g.groups();
    for (int o = 0; o < out.size(); o++) {
      int y = o / out.width() % out.height() * g.stride() - g.padding();
      int x = o % out.width() * g.stride() - g.padding();
      int filter = o / (out.width() * out.height());
      int first = filter / (out.channels() / g.groups()) * perGroup;
      int w = filter * perGroup * g.kernelHeight() * g.kernelWidth();
      for (int k = first; k < first + perGroup; k++) {
        for (int ky = y; ky < y + g.kernelHeight(); ky++) {
          for (int kx = x; kx < x + g.kernelWidth(); kx++, w++) {
            if (ky >= 0 && ky < in.height() && kx >= 0 && kx < in.width()) {
              tap.at(o, (k * in.height() + ky) * in.width() + kx, w);
            }
          }
        }
      }
    }
  }

  /** Of a 2×2 pooling without overlap. */
  private static int firstMaximum(double[] in, int output, MaxPool pool) {
    var out = pool.outputShape();
    int width = pool.inputShape().width();
    int row = output / out.width() / out.height() * pool.inputShape().height();
    int best =
        (row + 2 * (output / out.width() % out.height())) * width + 2 * (output % out.width());
    int first = best;
    for (int d = 1; d < 4; d++) {
      int i = first + d / 2 * width + d % 2;
      best = in[i] > in[best] ? i : best;
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
