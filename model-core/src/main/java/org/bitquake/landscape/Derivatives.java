package org.bitquake.landscape;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;

/**
 * Gradient of the mean cross-entropy by the weights, and products of its Hessian with vectors, in
 * units of the steps.
 *
 * <p>Gradients go straight through the rounding of activations and are 0 where an activation is
 * clipped, as in training (a pre-activation of exactly 0 is clipped). The Hessian is that of the
 * same function with all rounding offsets, clips and choices of maxima frozen at the point: {@code
 * rint(clip(y)) = clip(y) + constant}. That function is smooth, its gradient at the point is the
 * straight-through one, and its Hessian is symmetric; products with it come from forward over
 * reverse differentiation (Pearlmutter, 1994, <a
 * href="https://doi.org/10.1162/neco.1994.6.1.147">doi:10.1162/neco.1994.6.1.147</a>), without a
 * step size.
 */
final class Derivatives {
  private final RealNetwork real;
  private final List<Flow> flows = new ArrayList<>();
  private final List<LayerDerivative> layers = new ArrayList<>();
  private final CrossEntropy entropy;

  Derivatives(RealNetwork real) {
    this.real = real;
    this.entropy = new CrossEntropy(real.network.classes(), LaneKernels.BLOCK);
    for (int p = 0; p < real.passes.size(); p++) {
      flows.add(Flow.past(real.tensors.get(p)));
      layers.add(derivative(p));
    }
  }

  private LayerDerivative derivative(int position) {
    LayerPass pass = real.passes.get(position);
    Flow from = flow(real.network.layers().get(position).input());
    Flow to = flows.get(position);
    if (pass instanceof ConvolutionPass c) {
      Flow residual = c.layer.residual().map(r -> flow(r.source())).orElse(null);
      return new ConvolutionDerivative(real.kernels, c, from, residual, to);
    }
    return pass instanceof PoolPass pool
        ? new PoolDerivative(pool, from, to)
        : new SumDerivative((SumPass) pass, from, to);
  }

  private Flow flow(int position) {
    return position == QuantizedNetwork.INPUT ? null : flows.get(position);
  }

  private List<ConvolutionDerivative> convolutions() {
    return layers.stream()
        .filter(ConvolutionDerivative.class::isInstance)
        .map(ConvolutionDerivative.class::cast)
        .toList();
  }

  /**
   * Writes the gradient, or its change along a vector.
   *
   * @param weights {@code [weight layer][outC, inC / groups, kH, kW]}
   * @param vector of the same shape, for the Hessian's product; null for the gradient
   * @param total written, of the same shape
   * @return the mean loss
   */
  double run(Dataset images, float[][] weights, float[][] vector, double[][] total) {
    real.load(weights);
    var convolutions = convolutions();
    for (int l = 0; l < weights.length; l++) {
      convolutions.get(l).load(weights[l]);
      if (vector != null) {
        convolutions.get(l).loadTangent(vector[l]);
      }
    }
    double sum = 0;
    for (int from = 0; from < images.size(); from += LaneKernels.BLOCK) {
      int n = Math.min(LaneKernels.BLOCK, images.size() - from);
      real.run(images.pixels(), from, n);
      if (vector != null) {
        layers.forEach(LayerDerivative::tangent);
      }
      flows.forEach(Flow::clearGradients);
      sum = top(images, from, n, vector != null, sum);
      for (int p = layers.size() - 1; p >= 0; p--) {
        layers.get(p).backward(vector != null);
      }
    }
    for (int l = 0; l < total.length; l++) {
      System.arraycopy(convolutions.get(l).total, 0, total[l], 0, total[l].length);
    }
    return sum / images.size();
  }

  /**
   * Gradient of the loss by the logits, and its tangent. Returns the sum with this block's loss.
   */
  private double top(Dataset images, int from, int n, boolean second, double before) {
    Flow last = flows.get(flows.size() - 1);
    float[] z = real.logits();
    float[] dz = last.tangent().data;
    double sum = before;
    int classes = real.network.classes();
    for (int i = 0; i < n; i++) {
      int label = images.label(from + i);
      sum += entropy.loss(z, i, label);
      double mean = 0;
      for (int c = 0; second && c < classes; c++) {
        mean += entropy.probability(c) * dz[c * LaneKernels.BLOCK + i];
      }
      for (int c = 0; c < classes; c++) {
        int at = c * LaneKernels.BLOCK + i;
        double p = entropy.probability(c);
        last.gradient().data[at] = (float) ((p - (c == label ? 1 : 0)) / images.size());
        if (second) {
          last.gradientTangent().data[at] = (float) (p * (dz[at] - mean) / images.size());
        }
      }
    }
    return sum;
  }
}
