package org.bitquake.landscape;

import org.bitquake.data.Dataset;
import org.bitquake.network.QuantizedNetwork;

/**
 * The mean cross-entropy of a network over a fixed list of images as a function of its weights,
 * with its activations quantised as always. The value is a function of the arguments alone: the
 * same bits on every machine. Not thread-safe.
 */
public final class LossFunction {
  private final RealNetwork real;
  private final Dataset images;
  private final CrossEntropy entropy;

  /**
   * @throws IllegalArgumentException if the images are none, or not the network's
   */
  public LossFunction(QuantizedNetwork network, Dataset images) {
    this(network, images, Kernels.fastest());
  }

  LossFunction(QuantizedNetwork network, Dataset images, LaneKernels kernels) {
    if (images.size() == 0
        || !images.shape().equals(network.inputShape())
        || images.classes() > network.classes()) {
      throw new IllegalArgumentException(
          "network %s reads images of %s and tells %d classes apart; %s has %d of %s in %d classes"
              .formatted(
                  network.name(),
                  network.inputShape(),
                  network.classes(),
                  images.name(),
                  images.size(),
                  images.shape(),
                  images.classes()));
    }
    this.real = new RealNetwork(network, kernels);
    this.images = images;
    this.entropy = new CrossEntropy(network.classes(), LaneKernels.BLOCK);
  }

  public QuantizedNetwork network() {
    return real.network;
  }

  /**
   * The loss at these weights.
   *
   * @param weights {@code [weight layer][outC, inC / groups, kH, kW]} in units of the step, as
   *     {@link WeightSpace} makes them
   */
  public LossPoint at(float[][] weights) {
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
}
