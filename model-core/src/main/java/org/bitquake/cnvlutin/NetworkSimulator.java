package org.bitquake.cnvlutin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.Convolution;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.StoredTensors;

/**
 * Runs a network on images and simulates each of its layers with weights on the activations that it
 * reads. Not thread-safe.
 */
public final class NetworkSimulator implements AutoCloseable {
  private final QuantizedNetwork network;
  private final List<Convolution> layers;
  private final List<LayerSimulator> simulators = new ArrayList<>();
  private final ReferenceEngine engine;
  private final int[] pixels;

  /** Told what each layer takes for each image. */
  @FunctionalInterface
  public interface Observer {
    /**
     * One layer of one image.
     *
     * @param image position in the batch
     * @param layer position in {@code QuantizedNetwork.weightLayers()}
     */
    void observe(int image, int layer, LayerCounts counts);
  }

  /**
   * A simulator with the network's own weights.
   *
   * @param maker of the simulator of each layer
   * @param batch images that it will mostly be given at once
   * @throws IllegalArgumentException naming the layer, if one is too large
   */
  public NetworkSimulator(
      QuantizedNetwork network, Accelerator accelerator, LayerSimulator.Maker maker, int batch) {
    this.network = network;
    this.layers = network.weightLayers();
    for (Convolution layer : layers) {
      try {
        simulators.add(
            maker.make(
                accelerator, layer.inputShape(), layer.geometry(), accelerator.encodes(layer)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("layer " + layer.name() + ": " + e.getMessage(), e);
      }
    }
    this.engine = ReferenceEngine.forBatches(network, batch);
    this.pixels = new int[network.inputShape().size()];
  }

  /** Takes other weight codes, {@code [weight layer][code]}. */
  public void load(byte[][] codes) {
    engine.load(codes);
  }

  /**
   * Simulates images.
   *
   * @param images pixels {@code [count, C, H, W]}
   */
  public void run(byte[] images, int count, Observer observer) {
    byte[] encoded = network.input().encode(images, count);
    for (int image = 0; image < count; image++) {
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = encoded[image * pixels.length + k] & 0xff;
      }
      simulate(image, QuantizedNetwork.INPUT, pixels, observer);
    }
    engine.trace(
        images,
        count,
        (image, position, layer, codes) -> simulate(image, position, codes, observer));
  }

  /**
   * Simulates images whose activations lie in a memory with faults. The layers that are simulated
   * read what is stored: codes with the faults of the first kind, and of the second, offsets that
   * are misread, only what those did to the layers before. A pair takes its cycles wherever its
   * offset points, also where another goes to the same channel or the channel does not exist.
   *
   * @param images pixels {@code [count, C, H, W]}
   * @param activations of codes, before they are encoded
   * @param offsets of {@link OffsetFaultSampler}
   */
  public void run(
      byte[] images,
      int count,
      ActivationFaults activations,
      ActivationFaults offsets,
      Observer observer) {
    var stored = StoredTensors.of(network);
    ActivationFaults simulated =
        (position, first, n, codes) -> {
          int[] values = new int[network.shapeOf(position).size()];
          for (int image = 0; image < n; image++) {
            for (int k = 0; k < values.length; k++) {
              values[k] = codes.get(image, k);
            }
            simulateStored(first + image, position, values, observer);
          }
        };
    engine.activations(activations.then(simulated).then(offsets));
    try {
      engine.trace(
          images,
          count,
          (image, position, layer, codes) -> {
            if (!stored.contains(stored.behind(position))) {
              simulate(image, position, codes, observer);
            }
          });
    } finally {
      engine.activations(ActivationFaults.NONE);
    }
  }

  /** The layers that read a stored tensor, as it is or with padding around it. */
  private void simulateStored(int image, int position, int[] codes, Observer observer) {
    simulate(image, position, codes, observer);
    for (int p = 0; p < network.layers().size(); p++) {
      if (network.layers().get(p) instanceof Pad pad && pad.input() == position) {
        simulateStored(image, p, padded(pad, codes), observer);
      }
    }
  }

  private int[] padded(Pad pad, int[] codes) {
    Shape from = pad.inputShape();
    Shape to = pad.outputShape();
    int[] result = new int[to.size()];
    Arrays.fill(result, network.codes(pad.input()).zero());
    for (int row = 0; row < from.channels() * from.height(); row++) {
      int at = row / from.height() * to.height() + row % from.height() + pad.top();
      System.arraycopy(
          codes, row * from.width(), result, at * to.width() + pad.left(), from.width());
    }
    return result;
  }

  /**
   * Simulates the layers that read the tensor at a position. What they skip is the value 0, whose
   * code need not be 0.
   */
  private void simulate(int image, int position, int[] codes, Observer observer) {
    int[] values = codes;
    for (int l = 0; l < simulators.size(); l++) {
      if (layers.get(l).input() == position) {
        values = values == codes ? fromZero(position, codes) : values;
        observer.observe(image, l, simulators.get(l).run(values));
      }
    }
  }

  private int[] fromZero(int position, int[] codes) {
    int zero = network.codes(position).zero();
    return zero == 0 ? codes : Arrays.stream(codes).map(code -> code - zero).toArray();
  }

  @Override
  public void close() {
    engine.close();
  }
}
