package org.bitquake.landscape;

import org.bitquake.data.Shape;
import org.bitquake.lanes.LaneLayout;
import org.bitquake.lanes.OutputTiles;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/** How much memory a {@link LossFunction} takes, known before it is taken: bytes, within 5 %. */
public final class LossMemory {
  /**
   * Vectors of all weights in double that power iteration and the ascent hold beside the function:
   * the vector, its product, what the product was made of, and a combination of the two.
   */
  private static final int VECTORS = 5;

  private final QuantizedNetwork network;

  private LossMemory(QuantizedNetwork network) {
    this.network = network;
  }

  /** Of losses alone. */
  public static long ofLosses(QuantizedNetwork network) {
    return new LossMemory(network).values() + Float.BYTES * weights(network);
  }

  /** Of gradients and products with the Hessian, and of the vectors of those who ask for them. */
  public static long ofDerivatives(QuantizedNetwork network) {
    var its = new LossMemory(network);
    long vectors = (long) VECTORS * Double.BYTES + 2 * Float.BYTES;
    return its.values() + its.derivatives() + vectors * weights(network);
  }

  private static long weights(QuantizedNetwork network) {
    return network.weightLayers().stream().mapToLong(c -> c.weights().codes().length).sum();
  }

  /** Of a {@link RealNetwork}. */
  long values() {
    long sum = tensor(network.inputShape(), QuantizedNetwork.INPUT);
    for (int p = 0; p < network.layers().size(); p++) {
      Layer layer = network.layers().get(p);
      sum += tensor(layer.outputShape(), p);
      if (layer instanceof Convolution c) {
        sum += windows(c) + forwardWeights(c) + forwardSums(c);
      }
    }
    return sum;
  }

  /** Of {@link Derivatives}, without the network that they are of. */
  long derivatives() {
    long sum = 0;
    for (int p = 0; p < network.layers().size(); p++) {
      Layer layer = network.layers().get(p);
      sum += 3 * tensor(layer.outputShape(), p);
      if (layer instanceof Convolution c) {
        sum += convolution(c, c.input() != QuantizedNetwork.INPUT);
      }
    }
    return sum;
  }

  /**
   * @param turned whether there is a gradient of its input
   */
  private static long convolution(Convolution layer, boolean turned) {
    long sum = layer.activation().isPresent() ? floats(layer.outputShape().size()) : 0;
    sum += 2L * Float.BYTES * WeightGradient.length(layer);
    sum += (long) Double.BYTES * layer.weights().codes().length;
    sum += forwardWeights(layer) + 2 * forwardSums(layer);
    if (turned) {
      var g = layer.geometry();
      Shape in = layer.inputShape();
      int rows = in.height() + g.kernelHeight() - 1;
      int columns = in.width() + g.kernelWidth() - 1;
      long taps = (long) g.outChannels() / g.groups() * g.kernelHeight() * g.kernelWidth();
      sum += windows(layer);
      if (layer.isDense()) {
        sum += 2 * correlation(1, in.size(), g.outChannels());
        sum += floats(OutputTiles.of(in.size()).padded());
      } else {
        int perGroup = in.channels() / g.groups();
        sum += 2 * correlation(g.groups(), perGroup, taps);
        sum += floats((long) g.outChannels() * rows * columns);
        sum += floats((long) g.groups() * OutputTiles.of(perGroup).padded() * in.width());
      }
    }
    return sum;
  }

  private long tensor(Shape shape, int position) {
    int pad = LaneLayout.padding(network, position);
    return floats((long) shape.channels() * (shape.height() + 2 * pad) * (shape.width() + 2 * pad));
  }

  /** Of the copy that strides need. */
  private static long windows(Convolution layer) {
    var g = layer.geometry();
    if (g.stride() == 1) {
      return 0;
    }
    Shape in = layer.inputShape();
    int columns = (in.width() + 2 * g.padding() + g.stride() - 1) / g.stride() * g.stride();
    return floats((long) in.channels() * (in.height() + 2 * g.padding()) * columns);
  }

  private static long forwardWeights(Convolution layer) {
    var g = layer.geometry();
    return correlation(
        g.groups(), g.outChannels() / g.groups(), layer.geometry().taps(layer.inputShape()));
  }

  private static long forwardSums(Convolution layer) {
    var g = layer.geometry();
    int padded = OutputTiles.of(g.outChannels() / g.groups()).padded();
    return floats((long) g.groups() * padded * layer.outputShape().width());
  }

  private static long correlation(int groups, int perGroup, long taps) {
    return (long) Float.BYTES * groups * OutputTiles.of(perGroup).padded() * taps;
  }

  /** Of so many values of every image of a block. */
  private static long floats(long values) {
    return values * LaneKernels.BLOCK * Float.BYTES;
  }

  /** For tests. */
  static LossMemory of(QuantizedNetwork network) {
    return new LossMemory(network);
  }
}
