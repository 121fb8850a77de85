package org.bitquake.landscape;

import java.util.Arrays;
import org.bitquake.lanes.Windows;
import org.bitquake.network.Convolution;

/** A layer with weights: straight through its rounding, and nothing from outside its clip range. */
final class ConvolutionDerivative implements LayerDerivative {
  private final LaneKernels kernels;
  private final ConvolutionPass pass;
  private final Convolution layer;
  private final Flow from;
  private final Flow residual;
  private final Flow to;
  private final float ratio;
  private final float[] preActivations;
  private final Windows<float[]> tangentWindows;
  private final Correlation tangentWeights;
  private final InputGradient inputGradient;
  private final Correlation turned;
  private final Correlation turnedTangent;
  private final WeightGradient weightGradient;
  private final int lanes;
  private final float[] sums;
  private final float[] more;
  private final float[] g;
  private final float[] gTangent;

  /** Gradient of the weights, or its tangent, {@code [outC][tap]}. */
  final double[] total;

  /**
   * @param from flow past the input, {@code residual} past the second operand; null if that is the
   *     image, or nothing
   */
  ConvolutionDerivative(
      LaneKernels kernels, ConvolutionPass pass, Flow from, Flow residual, Flow to) {
    this.kernels = kernels;
    this.pass = pass;
    this.layer = pass.layer;
    this.from = from;
    this.residual = residual;
    this.to = to;
    this.ratio = layer.residual().map(r -> r.ratio()).orElse(0f);
    this.preActivations = layer.activation().isPresent() ? pass.keepPreActivations() : null;
    this.tangentWindows = from == null ? null : from.tangent().windows(layer);
    this.tangentWeights = pass.newWeights();
    this.inputGradient = from == null ? null : new InputGradient(kernels, layer);
    this.turned = from == null ? null : inputGradient.newWeights();
    this.turnedTangent = from == null ? null : inputGradient.newWeights();
    this.weightGradient = new WeightGradient(kernels, layer, pass.windows);
    this.lanes = layer.outputShape().width() * LaneKernels.BLOCK;
    this.sums = new float[tangentWeights.rowLength(lanes)];
    this.more = new float[sums.length];
    this.g = new float[WeightGradient.length(layer)];
    this.gTangent = new float[g.length];
    this.total = new double[layer.weights().codes().length];
  }

  void load(float[] weights) {
    Arrays.fill(total, 0);
    if (from != null) {
      inputGradient.turn(weights, turned);
    }
  }

  void loadTangent(float[] weights) {
    tangentWeights.load(weights);
    if (from != null) {
      inputGradient.turn(weights, turnedTangent);
    }
  }

  @Override
  public void tangent() {
    if (from != null) {
      tangentWindows.fill();
    }
    for (int y = 0; y < layer.outputShape().height(); y++) {
      sums(tangentWeights, pass.windows, y, sums);
      if (from != null) {
        sums(pass.correlation, tangentWindows, y, more);
        kernels.add(more, 0, more.length, sums, 0);
      }
      for (int o = 0; o < layer.geometry().outChannels(); o++) {
        int at = to.tangent().at(o, y, 0);
        through(
            o, y, layer.scale()[o], sums, tangentWeights.place(o, lanes), to.tangent().data, at);
        if (residual != null) {
          int second = residual.tangent().at(o, y, 0);
          through(o, y, ratio, residual.tangent().data, second, more, 0);
          kernels.add(more, 0, lanes, to.tangent().data, at);
        }
      }
    }
  }

  private void sums(Correlation weights, Windows<float[]> x, int y, float[] out) {
    weights.row(x.data(), group -> x.start(group, y), x.offsets(), lanes, out);
  }

  /** Scales a row and lets it through where the activation is inside its range. */
  private void through(int o, int y, float scale, float[] a, int at, float[] out, int to) {
    if (preActivations == null) {
      kernels.affine(a, at, lanes, 0, scale, out, to);
    } else {
      int row = (o * layer.outputShape().height() + y) * lanes;
      float max = layer.activation().orElseThrow().maxCode();
      kernels.gate(preActivations, row, max, scale, a, at, lanes, out, to);
    }
  }

  @Override
  public void backward(boolean second) {
    down(to.gradient(), g, residual == null ? null : residual.gradient());
    if (from != null) {
      inputGradient.take(g);
      inputGradient.add(turned, from.gradient());
    }
    if (!second) {
      weightGradient.add(g, pass.windows, total);
      return;
    }
    down(to.gradientTangent(), gTangent, residual == null ? null : residual.gradientTangent());
    if (from != null) {
      inputGradient.add(turnedTangent, from.gradientTangent());
      inputGradient.take(gTangent);
      inputGradient.add(turned, from.gradientTangent());
      weightGradient.add(g, tangentWindows, total);
    }
    weightGradient.add(gTangent, pass.windows, total);
  }

  /** From a gradient of the output to that of the sums, and of the second operand. */
  private void down(LaneTensor gradient, float[] ofSums, LaneTensor ofResidual) {
    for (int o = 0; o < layer.geometry().outChannels(); o++) {
      for (int y = 0; y < layer.outputShape().height(); y++) {
        int at = gradient.at(o, y, 0);
        int row = (o * layer.outputShape().height() + y) * lanes;
        through(o, y, layer.scale()[o], gradient.data, at, ofSums, row);
        if (ofResidual != null) {
          through(o, y, ratio, gradient.data, at, more, 0);
          kernels.add(more, 0, lanes, ofResidual.data, ofResidual.at(o, y, 0));
        }
      }
    }
  }
}
