package org.bitquake.engine;

import java.util.ArrayList;
import java.util.List;
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
  /** Images in a block: enough for vector loops, few enough for the tensors to stay in cache. */
  static final int BLOCK = 96;

  private final QuantizedNetwork network;
  private final int block;
  private final Batches batches;
  private final Rows input;
  private final List<Rows> tensors = new ArrayList<>();
  private final List<LayerRunner> runners = new ArrayList<>();
  private final List<ConvolutionRunner> weightRunners = new ArrayList<>();
  private final ConvolutionRunner last;
  private final float[] blockLogits;

  /** An engine with the network's own weights loaded. */
  public ReferenceEngine(QuantizedNetwork network) {
    this(network, BLOCK);
  }

  /**
   * An engine for so many images at once, or fewer: smaller than the default one where they are
   * few.
   */
  public static ReferenceEngine forBatches(QuantizedNetwork network, int images) {
    return new ReferenceEngine(network, Math.max(1, Math.min(BLOCK, images)));
  }

  ReferenceEngine(QuantizedNetwork network, int block) {
    this.network = network;
    this.block = block;
    this.batches = new Batches(network, block);
    this.input = new Rows(network.inputShape(), block);
    this.blockLogits = new float[block * network.classes()];
    int end = network.layers().size() - 1;
    for (Layer layer : network.layers().subList(0, end)) {
      var out = new Rows(layer.outputShape(), block);
      runners.add(runner(layer, out));
      tensors.add(out);
    }
    Layer logits = network.layers().get(end);
    this.last = convolution((Convolution) logits, null);
    load(network.copyCodes());
  }

  private LayerRunner runner(Layer layer, Rows out) {
    if (layer instanceof Convolution c) {
      return convolution(c, out);
    }
    return layer instanceof MaxPool p
        ? PoolRunners.maximum(p, rowsOf(p.input()), out, block)
        : PoolRunners.sum(rowsOf(layer.input()), out);
  }

  private ConvolutionRunner convolution(Convolution c, Rows out) {
    Rows residual = c.residual().map(r -> rowsOf(r.source())).orElse(null);
    var runner = new ConvolutionRunner(c, rowsOf(c.input()), residual, out, block);
    weightRunners.add(runner);
    return runner;
  }

  private Rows rowsOf(int position) {
    return position == QuantizedNetwork.INPUT ? input : tensors.get(position);
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public void load(byte[][] codes) {
    batches.check(codes);
    for (int i = 0; i < codes.length; i++) {
      weightRunners.get(i).load(codes[i]);
    }
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    batches.check(images, count, logits.length, network.classes());
    int step = batches.evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      last.logits(n, logits, from * network.classes());
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    batches.check(images, count, predictions.length, 1);
    int classes = network.classes();
    int step = batches.evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      last.logits(n, blockLogits, 0);
      for (int i = 0; i < n; i++) {
        predictions[from + i] = Prediction.of(blockLogits, i * classes, classes);
      }
    }
  }

  /**
   * Runs the images and shows the observer the output of every layer but the last.
   *
   * @param images unsigned input codes {@code [count, C, H, W]}
   */
  public void trace(byte[] images, int count, LayerObserver observer) {
    batches.check(images, count, count, 1);
    int step = batches.evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      for (int p = 0; p < tensors.size(); p++) {
        show(p, from, n, observer);
      }
    }
  }

  private void show(int position, int from, int n, LayerObserver observer) {
    Rows tensor = tensors.get(position);
    int width = tensor.shape.width();
    int[] codes = new int[tensor.shape.size()];
    for (int i = 0; i < n; i++) {
      int k = 0;
      for (int[] row : tensor.rows) {
        for (int x = i; x < width * n; x += n) {
          codes[k++] = row[x];
        }
      }
      observer.observe(from + i, position, network.layers().get(position), codes);
    }
  }

  private void runBlock(byte[] images, int from, int n) {
    int width = input.shape.width();
    int size = input.shape.size();
    for (int k = 0; k < size; k++) {
      int[] row = input.rows[k / width];
      int x = k % width;
      for (int i = 0; i < n; i++) {
        row[x * n + i] = images[(from + i) * size + k] & 0xff;
      }
    }
    for (LayerRunner runner : runners) {
      runner.run(n);
    }
  }

  @Override
  public void close() {
    // nothing off heap
  }
}
