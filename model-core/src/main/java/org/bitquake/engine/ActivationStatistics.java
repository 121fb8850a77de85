package org.bitquake.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/** What the activations of a network look like on a data set. */
public final class ActivationStatistics {
  /**
   * How many of an activation layer's output codes, before any pooling, stand for 0.
   *
   * @param layer its name
   * @param zeros codes that stand for 0, over all images
   * @param codes all codes, over all images
   */
  public record Zeros(String layer, long zeros, long codes) {
    /** {@code zeros / codes}. */
    public double fraction() {
      return (double) zeros / codes;
    }
  }

  private ActivationStatistics() {}

  /**
   * The zeros of every layer with weights and activation, in the order of the layers.
   *
   * @throws IllegalArgumentException if the data set is empty or its images are not the network's
   */
  public static List<Zeros> zeroFractions(QuantizedNetwork network, Dataset dataset) {
    if (dataset.size() == 0 || !dataset.shape().equals(network.inputShape())) {
      throw new IllegalArgumentException(
          Text.of(
              "network %s reads images of %s; %s has %d of %s",
              network.name(),
              network.inputShape(),
              dataset.name(),
              dataset.size(),
              dataset.shape()));
    }
    long[] zeros = new long[network.layers().size()];
    int[] zero =
        IntStream.range(0, zeros.length)
            .map(p -> hasActivation(network.layers().get(p)) ? network.codes(p).zero() : 0)
            .toArray();
    try (var engine = ReferenceEngine.forBatches(network, dataset.size())) {
      engine.trace(
          dataset.pixels(),
          dataset.size(),
          (image, position, layer, codes) -> {
            for (int code : codes) {
              zeros[position] += code == zero[position] ? 1 : 0;
            }
          });
    }
    List<Zeros> result = new ArrayList<>();
    for (int p = 0; p < zeros.length; p++) {
      Layer layer = network.layers().get(p);
      if (hasActivation(layer)) {
        long all = (long) dataset.size() * layer.outputShape().size();
        result.add(new Zeros(layer.name(), zeros[p], all));
      }
    }
    return result;
  }

  /** The layers with weights and activation, in their order. */
  public static List<Layer> layers(QuantizedNetwork network) {
    return network.layers().stream().filter(ActivationStatistics::hasActivation).toList();
  }

  private static boolean hasActivation(Layer layer) {
    return layer instanceof Convolution c && c.activation().isPresent();
  }
}
