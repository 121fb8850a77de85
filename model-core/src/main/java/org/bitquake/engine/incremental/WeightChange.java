package org.bitquake.engine.incremental;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;
import org.bitquake.engine.Prediction;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * What a network does after one of its weight codes has changed, to the bit what every engine says,
 * at the cost of what the change reaches: one channel of the weight's own layer, and from there on
 * the codes that differ from the golden ones. Layers before it, and whatever rounding, clipping and
 * maxima swallow, cost nothing.
 *
 * <p>Not thread-safe.
 */
public final class WeightChange {
  private final QuantizedNetwork network;
  private final Propagation[] layers;
  private final int[] weightLayers;
  private final int[] sizes;
  private final Changes changes;

  /** How the logits of an image compare with the golden ones. */
  public enum Effect {
    /** Equal to the bit. */
    NONE,
    /** At least one differs. */
    OTHER_LOGITS,
    /** The budget was spent before it was known. */
    UNKNOWN
  }

  public WeightChange(QuantizedNetwork network) {
    this.network = network;
    List<Layer> all = network.layers();
    this.layers =
        IntStream.range(0, all.size())
            .mapToObj(p -> propagation(all.get(p), p))
            .toArray(Propagation[]::new);
    this.weightLayers =
        IntStream.range(0, all.size()).filter(p -> all.get(p) instanceof Convolution).toArray();
    this.sizes =
        IntStream.range(QuantizedNetwork.INPUT, all.size())
            .map(p -> network.shapeOf(p).size())
            .toArray();
    this.changes = new Changes(sizes, network.classes());
  }

  private static Propagation propagation(Layer layer, int position) {
    if (layer instanceof Convolution c) {
      return new ConvolutionPropagation(c, position);
    }
    return layer instanceof MaxPool pool
        ? new PoolPropagation(pool, position)
        : new SumPropagation((GlobalSum) layer, position);
  }

  /** About how many bytes a trace takes. */
  public long traceBytes() {
    return 2L * Integer.BYTES * Arrays.stream(sizes).asLongStream().sum();
  }

  /**
   * Runs the network without a fault.
   *
   * @param images unsigned input codes {@code [n, C, H, W]}
   * @param index of the image
   */
  public ImageTrace trace(byte[] images, int index) {
    int last = layers.length - 1;
    int[][] codes = new int[layers.length + 1][];
    int[][] sums = new int[layers.length][];
    for (int p = 0; p < layers.length; p++) {
      codes[p] = new int[sizes[p]];
      sums[p] = network.layers().get(p) instanceof Convolution ? new int[sizes[p + 1]] : null;
    }
    codes[last + 1] = new int[0];
    Shape shape = network.inputShape();
    int plane = shape.height() * shape.width();
    for (int i = 0; i < shape.size(); i++) {
      codes[0][i % plane * shape.channels() + i / plane] = images[index * shape.size() + i] & 0xff;
    }
    var image = new ImageTrace(codes, sums, network.classes());
    for (Propagation layer : layers) {
      layer.forward(image);
    }
    image.prediction = Prediction.of(image.logits, 0, image.logits.length);
    return image;
  }

  /**
   * Runs an image with one weight changed. The trace is the same afterwards.
   *
   * @param layer position in {@code QuantizedNetwork.weightLayers()}
   * @param weight position in the layer's codes
   * @param difference of the weight code from the network's own
   * @param budget additions after which to give up
   */
  public Effect run(ImageTrace image, int layer, int weight, int difference, long budget) {
    int position = weightLayers[layer];
    int last = layers.length - 1;
    System.arraycopy(image.logits, 0, changes.logits, 0, changes.logits.length);
    ((ConvolutionPropagation) layers[position]).inject(weight, difference, image, changes);
    if (position != last && changes.count(position + 1) == 0) {
      return Effect.NONE;
    }
    changes.budget = budget;
    boolean known = true;
    for (int p = position + 1; p <= last && known; p++) {
      if (isReached(network.layers().get(p))) {
        known = layers[p].update(image, changes);
      }
    }
    changes.undo(image);
    if (!known) {
      return Effect.UNKNOWN;
    }
    return Arrays.equals(changes.logits, image.logits) ? Effect.NONE : Effect.OTHER_LOGITS;
  }

  private boolean isReached(Layer layer) {
    return changes.count(layer.input() + 1) > 0
        || (layer instanceof Convolution c
            && c.residual().isPresent()
            && changes.count(c.residual().get().source() + 1) > 0);
  }

  /** The logits of the latest run, {@code [classes]}, unless its effect is unknown. */
  public float[] logits() {
    return changes.logits.clone();
  }

  /** The class that the latest run predicts, unless its effect is unknown. */
  public int prediction() {
    return Prediction.of(changes.logits, 0, changes.logits.length);
  }
}
