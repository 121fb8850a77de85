package org.bitquake.landscape;

import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;

/**
 * The mean cross-entropy of a network over a fixed list of images as a function of its weights,
 * with its activations quantised as always. The value is a function of the arguments alone: the
 * same bits on every machine. Not thread-safe.
 */
public final class LossFunction {
  private final QuantizedNetwork network;
  private final LaneKernels kernels;
  private final Dataset images;
  private final CrossEntropy entropy;
  private final WeightSpace space;

  /** Each made where it is first needed: they are large. */
  private RealNetwork real;

  private Derivatives derivatives;

  /**
   * @throws IllegalArgumentException if the images are none, or not the network's; or if the
   *     network is {@linkplain QuantizedNetwork#beyondTraining beyond training}
   */
  public LossFunction(QuantizedNetwork network, Dataset images) {
    this(network, images, Kernels.fastest());
  }

  LossFunction(QuantizedNetwork network, Dataset images, LaneKernels kernels) {
    if (images.size() == 0
        || !images.shape().equals(network.inputShape())
        || images.classes() > network.classes()) {
      throw new IllegalArgumentException(
          Text.of(
              "network %s reads images of %s and tells %d classes apart; %s has %d of %s in %d classes",
              network.name(),
              network.inputShape(),
              network.classes(),
              images.name(),
              images.size(),
              images.shape(),
              images.classes()));
    }
    network
        .beyondTraining()
        .ifPresent(
            what -> {
              throw new IllegalArgumentException(
                  Text.of(
                      "network %s: %s, and landscapes are drawn of networks without such alone",
                      network.name(), what));
            });
    this.network = network;
    this.kernels = kernels;
    this.images = images;
    this.space = new WeightSpace(network);
    this.entropy = new CrossEntropy(network.classes(), LaneKernels.BLOCK);
  }

  public QuantizedNetwork network() {
    return network;
  }

  /** The space that the weights live in. */
  public WeightSpace space() {
    return space;
  }

  /**
   * The loss at these weights.
   *
   * @param weights {@code [weight layer][outC, inC / groups, kH, kW]} in units of the step, as
   *     {@link WeightSpace} makes them
   */
  public LossPoint at(float[][] weights) {
    var real = real();
    real.load(weights);
    double sum = 0;
    int correct = 0;
    for (int from = 0; from < images.size(); from += LaneKernels.BLOCK) {
      int n = Math.min(LaneKernels.BLOCK, images.size() - from);
      real.run(images.pixels(), from, n);
      float[] z = real.logits();
      for (int i = 0; i < n; i++) {
        int label = images.label(from + i);
        sum += entropy.loss(z, i, label);
        correct += entropy.prediction(z, i) == label ? 1 : 0;
      }
    }
    return new LossPoint(sum / images.size(), correct, images.size());
  }

  /**
   * The gradient of the loss by the weights, in real units, straight through the rounding of the
   * activations and 0 outside their clip range.
   *
   * @param weights as for {@link #at}
   */
  public double[] gradient(float[][] weights) {
    double[][] total = room();
    derivatives().run(images, weights, null, total);
    return space.gradient(total);
  }

  /**
   * The Hessian of the loss by the weights, in real units, with rounding offsets, clips and choices
   * of maxima as they are at this point.
   *
   * @param weights as for {@link #at}
   */
  public SymmetricOperator hessian(float[][] weights) {
    return new SymmetricOperator() {
      @Override
      public int dimension() {
        return space.dimension();
      }

      @Override
      public double[] apply(double[] v) {
        double[][] total = room();
        derivatives().run(images, weights, space.tangent(v), total);
        return space.gradient(total);
      }
    };
  }

  private double[][] room() {
    return network.weightLayers().stream()
        .map(c -> new double[c.weights().codes().length])
        .toArray(double[][]::new);
  }

  private RealNetwork real() {
    if (real == null) {
      real = new RealNetwork(network, kernels);
    }
    return real;
  }

  private Derivatives derivatives() {
    if (derivatives == null) {
      derivatives = new Derivatives(real());
    }
    return derivatives;
  }
}
