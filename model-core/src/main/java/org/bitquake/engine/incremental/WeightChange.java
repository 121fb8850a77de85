package org.bitquake.engine.incremental;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bitquake.data.Shape;
import org.bitquake.engine.Prediction;
import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.LayerCases;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.TensorCodes;

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

  /** What the last layer writes instead of logits. */
  private final Optional<TensorCodes> outputCodes;

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
            .mapToObj(p -> all.get(p).match(new Propagations(p)))
            .toArray(Propagation[]::new);
    this.weightLayers =
        IntStream.range(0, all.size()).filter(p -> all.get(p) instanceof Convolution).toArray();
    this.sizes =
        IntStream.range(QuantizedNetwork.INPUT, all.size())
            .map(p -> network.shapeOf(p).size())
            .toArray();
    this.changes = new Changes(sizes, network.classes());
    this.outputCodes = network.outputCodes();
  }

  /** Makes the propagation of the layer at a position. */
  private final class Propagations implements LayerCases<Propagation> {
    private final int position;

    Propagations(int position) {
      this.position = position;
    }

    @Override
    public Propagation convolution(Convolution layer) {
      int residualZero = layer.residual().map(r -> network.codes(r.source()).zero()).orElse(0);
      return new ConvolutionPropagation(layer, position, zero(layer), residualZero);
    }

    @Override
    public Propagation maxPool(MaxPool layer) {
      return WindowPropagation.maximum(layer, position);
    }

    @Override
    public Propagation averagePool(AveragePool layer) {
      return WindowPropagation.average(layer, position, zero(layer));
    }

    @Override
    public Propagation globalSum(GlobalSum layer) {
      return new SumPropagation(layer, position);
    }

    @Override
    public Propagation add(Add layer) {
      return PointPropagation.add(layer, position, read(layer));
    }

    @Override
    public Propagation concat(Concat layer) {
      return PointPropagation.concat(layer, position, read(layer));
    }

    @Override
    public Propagation pad(Pad layer) {
      return PointPropagation.pad(layer, position, zero(layer));
    }

    private int zero(Layer layer) {
      return network.codes(layer.input()).zero();
    }

    private List<TensorCodes> read(Layer layer) {
      return layer.inputs().stream().map(network::codes).toList();
    }
  }

  /** About how many bytes a trace takes. */
  public long traceBytes() {
    return 2L * Integer.BYTES * Arrays.stream(sizes).asLongStream().sum();
  }

  /**
   * Runs the network without a fault.
   *
   * @param pixels {@code [n, C, H, W]}
   * @param index of the image
   */
  public ImageTrace trace(byte[] pixels, int index) {
    int last = layers.length - 1;
    int[][] codes = new int[layers.length + 1][];
    int[][] sums = new int[layers.length][];
    for (int p = 0; p < layers.length; p++) {
      codes[p] = new int[sizes[p]];
      sums[p] = network.layers().get(p) instanceof Convolution ? new int[sizes[p + 1]] : null;
    }
    codes[last + 1] = new int[outputCodes.isPresent() ? sizes[last + 1] : 0];
    Shape shape = network.inputShape();
    int plane = shape.height() * shape.width();
    int from = index * shape.size();
    byte[] image = network.input().encode(Arrays.copyOfRange(pixels, from, from + shape.size()), 1);
    for (int i = 0; i < shape.size(); i++) {
      codes[0][i % plane * shape.channels() + i / plane] = image[i] & 0xff;
    }
    var trace = new ImageTrace(codes, sums, network.classes());
    for (Propagation layer : layers) {
      layer.forward(trace);
    }
    outputCodes.ifPresent(written -> logits(written, codes[last + 1], trace.logits));
    trace.prediction = Prediction.of(trace.logits, 0, trace.logits.length);
    return trace;
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
    boolean writesCodes = position != last || outputCodes.isPresent();
    if (writesCodes && changes.count(position + 1) == 0) {
      return Effect.NONE;
    }
    changes.budget = budget;
    boolean known = true;
    for (int p = position + 1; p <= last && known; p++) {
      if (isReached(network.layers().get(p))) {
        known = layers[p].update(image, changes);
      }
    }
    outputCodes.ifPresent(written -> logits(written, image.codes[last + 1], changes.logits));
    changes.undo(image);
    if (!known) {
      return Effect.UNKNOWN;
    }
    return Arrays.equals(changes.logits, image.logits) ? Effect.NONE : Effect.OTHER_LOGITS;
  }

  private boolean isReached(Layer layer) {
    return layer.inputs().stream().anyMatch(p -> changes.count(p + 1) > 0);
  }

  private static void logits(TensorCodes written, int[] codes, float[] logits) {
    for (int c = 0; c < logits.length; c++) {
      logits[c] = written.real(codes[c]);
    }
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
