package org.bitquake.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * The engine that defines every result: plain Java, one pass over the layers for a block of images
 * at a time. Every other engine gives the same logits to the bit.
 *
 * <p>Sums are exact in int32 in any order ({@code QuantizedNetwork} proves that none overflows),
 * and the float32 steps of {@link Convolution} are IEEE operations in a fixed order, so the results
 * do not depend on machine, compiler, batch or block size.
 */
public final class ReferenceEngine implements Engine {
  /** Images in a block: enough for vector loops, few enough for the planes to stay in cache. */
  static final int BLOCK = 64;

  /** Blocks are run in steps of this many images, so that vector loops have no scalar rest. */
  private static final int STEP = 16;

  private final QuantizedNetwork network;
  private final int block;
  private final Planes input;
  private final List<Planes> planes = new ArrayList<>();
  private final List<LayerRunner> runners = new ArrayList<>();
  private final List<ConvolutionRunner> weightRunners = new ArrayList<>();
  private final ConvolutionRunner last;
  private final float[] blockLogits;

  /** An engine with the network's own weights loaded. */
  public ReferenceEngine(QuantizedNetwork network) {
    this(network, BLOCK);
  }

  ReferenceEngine(QuantizedNetwork network, int block) {
    this.network = network;
    this.block = block;
    this.input = new Planes(network.inputShape(), block);
    this.blockLogits = new float[block * network.classes()];
    int[] zeros = new int[block];
    int end = network.layers().size() - 1;
    for (Layer layer : network.layers().subList(0, end)) {
      var out = new Planes(layer.outputShape(), block);
      runners.add(runner(layer, zeros, out));
      planes.add(out);
    }
    Layer logits = network.layers().get(end);
    this.last = convolution((Convolution) logits, zeros, null);
    load(network.copyCodes());
  }

  private LayerRunner runner(Layer layer, int[] zeros, Planes out) {
    if (layer instanceof Convolution c) {
      return convolution(c, zeros, out);
    }
    return layer instanceof MaxPool p
        ? PoolRunners.maximum(p, planesOf(p.input()), out)
        : PoolRunners.sum(planesOf(layer.input()), out);
  }

  private ConvolutionRunner convolution(Convolution c, int[] zeros, Planes out) {
    Planes residual = c.residual().map(r -> planesOf(r.source())).orElse(null);
    var runner = new ConvolutionRunner(c, planesOf(c.input()), zeros, residual, out);
    weightRunners.add(runner);
    return runner;
  }

  private Planes planesOf(int position) {
    return position == QuantizedNetwork.INPUT ? input : planes.get(position);
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public void load(byte[][] codes) {
    if (codes.length != weightRunners.size()) {
      throw new IllegalArgumentException(
          "%d arrays of codes for %d layers with weights"
              .formatted(codes.length, weightRunners.size()));
    }
    for (int i = 0; i < codes.length; i++) {
      weightRunners.get(i).load(codes[i]);
    }
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    check(images, count, logits.length, network.classes());
    for (int from = 0; from < count; from += block) {
      int n = Math.min(block, count - from);
      runBlock(images, from, n);
      last.logits(lanes(n), n, logits, from * network.classes());
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    check(images, count, predictions.length, 1);
    for (int from = 0; from < count; from += block) {
      int n = Math.min(block, count - from);
      runBlock(images, from, n);
      last.logits(lanes(n), n, blockLogits, 0);
      for (int i = 0; i < n; i++) {
        predictions[from + i] = firstMaximum(i * network.classes());
      }
    }
  }

  private int firstMaximum(int row) {
    int best = 0;
    for (int c = 1; c < network.classes(); c++) {
      if (blockLogits[row + c] > blockLogits[row + best]) {
        best = c;
      }
    }
    return best;
  }

  /**
   * Runs the images and shows the observer the output of every layer but the last.
   *
   * @param images unsigned input codes {@code [count, C, H, W]}
   */
  public void trace(byte[] images, int count, LayerObserver observer) {
    check(images, count, count, 1);
    for (int from = 0; from < count; from += block) {
      int n = Math.min(block, count - from);
      runBlock(images, from, n);
      for (int p = 0; p < planes.size(); p++) {
        show(p, from, n, observer);
      }
    }
  }

  private void show(int position, int from, int n, LayerObserver observer) {
    int[][] codes = planes.get(position).codes;
    int[] one = new int[codes.length];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < one.length; k++) {
        one[k] = codes[k][i];
      }
      observer.observe(from + i, position, network.layers().get(position), one);
    }
  }

  private void runBlock(byte[] images, int from, int n) {
    int size = input.codes.length;
    for (int k = 0; k < size; k++) {
      int[] plane = input.codes[k];
      for (int i = 0; i < n; i++) {
        plane[i] = images[(from + i) * size + k] & 0xff;
      }
    }
    int lanes = lanes(n);
    for (LayerRunner runner : runners) {
      runner.run(lanes);
    }
  }

  /** The images of a block, rounded up; the results of the images that are not there are unused. */
  private int lanes(int n) {
    return Math.min(block, (n + STEP - 1) / STEP * STEP);
  }

  private void check(byte[] images, int count, int results, int perImage) {
    if (count < 0
        || (long) count * network.inputShape().size() > images.length
        || (long) count * perImage > results) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d images of %s need %d bytes and %d results; there are %d and %d",
              count,
              network.inputShape(),
              (long) count * network.inputShape().size(),
              (long) count * perImage,
              images.length,
              results));
    }
  }

  @Override
  public void close() {
    // nothing off heap
  }
}
