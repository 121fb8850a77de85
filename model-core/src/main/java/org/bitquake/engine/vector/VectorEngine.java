package org.bitquake.engine.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitquake.data.Shape;
import org.bitquake.engine.Batches;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Prediction;
import org.bitquake.lanes.LaneLayout;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.StoredTensors;

/**
 * Integer inference in 16-bit lanes over images, with the Java Vector API. Weights change at the
 * cost of a copy, and batches of a few dozen images fill the vectors.
 */
final class VectorEngine implements Engine {
  /** Images in a block. */
  static final int BLOCK = 64;

  private final QuantizedNetwork network;
  private final Batches batches;
  private final Tensor input;
  private final List<Tensor> tensors = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Sums> weights = new ArrayList<>();
  private final LogitsStep last;

  /** The tensor that each step writes. */
  private final List<Integer> written = new ArrayList<>();

  private final StoredTensors stored;
  private ActivationFaults faults = ActivationFaults.NONE;

  VectorEngine(QuantizedNetwork network) {
    this.network = network;
    this.batches = new Batches(network, BLOCK);
    this.stored = StoredTensors.of(network);
    this.input =
        new Tensor(
            network.inputShape(), LaneLayout.padding(network, QuantizedNetwork.INPUT), BLOCK);
    int end = network.layers().size() - 1;
    for (int p = 0; p < end; p++) {
      Layer layer = network.layers().get(p);
      if (pooledNext(p)) {
        tensors.add(null); // never written: the next step does both layers
      } else if (p > 0 && pooledNext(p - 1)) {
        var out = new Tensor(layer.outputShape(), LaneLayout.padding(network, p), BLOCK);
        var c = (Convolution) network.layers().get(p - 1);
        add(p, new PooledStep(c, (MaxPool) layer, sums(c), out, BLOCK));
        tensors.add(out);
      } else {
        var out = new Tensor(layer.outputShape(), LaneLayout.padding(network, p), BLOCK);
        add(p, step(layer, out));
        tensors.add(out);
      }
    }
    var logits = (Convolution) network.layers().get(end);
    last = new LogitsStep(logits, sums(logits), BLOCK);
    add(end, last);
    load(network.copyCodes());
  }

  private void add(int position, Step step) {
    steps.add(step);
    written.add(position);
  }

  /** Whether the layer at p is done together with a pooling layer behind it, its only reader. */
  private boolean pooledNext(int p) {
    var layers = network.layers();
    return layers.get(p) instanceof Convolution c
        && layers.get(p + 1) instanceof MaxPool pool
        && pool.input() == p
        && PooledStep.fits(c, pool)
        && layers.stream().filter(layer -> layer.inputs().contains(p)).count() == 1;
  }

  private Step step(Layer layer, Tensor out) {
    if (layer instanceof Convolution c) {
      Tensor residual = c.residual().map(r -> tensor(r.source())).orElse(null);
      return new ConvolutionStep(c, sums(c), residual, out);
    }
    return layer instanceof MaxPool pool
        ? maximum(pool, tensor(pool.input()), out)
        : sum((GlobalSum) layer, tensor(layer.input()), out);
  }

  private Sums sums(Convolution c) {
    var sums = new Sums(c, tensor(c.input()), network.maxCode(c.input()));
    weights.add(sums);
    return sums;
  }

  private Tensor tensor(int position) {
    return position == QuantizedNetwork.INPUT ? input : tensors.get(position);
  }

  private static Step maximum(MaxPool pool, Tensor in, Tensor out) {
    Shape to = out.shape;
    return n -> {
      for (int c = 0; c < to.channels(); c++) {
        for (int y = 0; y < to.height(); y++) {
          for (int x = 0; x < to.width(); x++) {
            int target = out.at(c, y, x);
            Arrays.fill(out.data, target, target + n, (short) 0);
            for (int k = 0; k < pool.size() * pool.size(); k++) {
              int row = y * pool.stride() + k / pool.size();
              int column = x * pool.stride() + k % pool.size();
              Lanes.maximum(in.data, in.at(c, row, column), n, out.data, target);
            }
          }
          out.endRow(c, y);
        }
      }
    };
  }

  private static Step sum(GlobalSum layer, Tensor in, Tensor out) {
    Shape from = layer.inputShape();
    return n -> {
      for (int c = 0; c < from.channels(); c++) {
        int target = out.at(c, 0, 0);
        Arrays.fill(out.data, target, target + n, (short) 0);
        for (int k = 0; k < from.height() * from.width(); k++) {
          int at = in.at(c, k / from.width(), k % from.width());
          Lanes.add(in.data, at, n, out.data, target);
        }
        out.endRow(c, 0);
      }
    };
  }

  @Override
  public String name() {
    return VectorProvider.NAME;
  }

  @Override
  public void load(byte[][] codes) {
    batches.check(codes);
    for (int i = 0; i < codes.length; i++) {
      weights.get(i).load(codes[i]);
    }
  }

  @Override
  public void activations(ActivationFaults faults) {
    this.faults = faults;
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    batches.check(images, count, logits.length, network.classes());
    int classes = network.classes();
    int block = batches.evenBlock(count);
    for (int from = 0; from < count; from += block) {
      int n = Math.min(block, count - from);
      runBlock(images, from, n);
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < classes; c++) {
          logits[(from + i) * classes + c] = last.logits()[c * n + i];
        }
      }
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    batches.check(images, count, predictions.length, 1);
    int block = batches.evenBlock(count);
    for (int from = 0; from < count; from += block) {
      int n = Math.min(block, count - from);
      runBlock(images, from, n);
      for (int i = 0; i < n; i++) {
        predictions[from + i] = Prediction.of(last.logits(), i, network.classes(), n);
      }
    }
  }

  private void runBlock(byte[] images, int from, int n) {
    input.images(n);
    for (Tensor tensor : tensors) {
      if (tensor != null) {
        tensor.images(n);
      }
    }
    take(images, from, n);
    corrupt(QuantizedNetwork.INPUT, from, n);
    for (int s = 0; s < steps.size(); s++) {
      steps.get(s).run(n);
      corrupt(written.get(s), from, n);
    }
  }

  private void corrupt(int position, int from, int n) {
    if (faults != ActivationFaults.NONE && stored.contains(position)) {
      faults.corrupt(position, from, n, tensor(position).codes());
    }
  }

  /** Turns {@code [n][C, H, W]} bytes into lanes. */
  private void take(byte[] images, int from, int n) {
    Shape shape = network.inputShape();
    int size = shape.size();
    int k = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++, k++) {
          int to = input.at(c, y, x);
          int at = from * size + k;
          for (int i = 0; i < n; i++, at += size) {
            input.data[to + i] = (short) (images[at] & 0xff);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    // nothing off heap
  }
}
