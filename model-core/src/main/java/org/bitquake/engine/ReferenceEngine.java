package org.bitquake.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bitquake.memory.ActivationFaults;
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
import org.bitquake.network.StoredTensors;
import org.bitquake.network.TensorCodes;

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

  /** For the tensors of a block: an engine fits into an executor of 1 GiB beside another. */
  private static final long BYTES = 128 << 20;

  private final QuantizedNetwork network;
  private final int block;
  private final Batches batches;
  private final Rows input;
  private final List<Rows> tensors = new ArrayList<>();
  private final List<LayerRunner> runners = new ArrayList<>();
  private final List<ConvolutionRunner> weightRunners = new ArrayList<>();

  /** Gives the logits; empty where the last layer writes codes of them. */
  private final Optional<ConvolutionRunner> last;

  private final float[] blockLogits;
  private final StoredTensors stored;
  private ActivationFaults faults = ActivationFaults.NONE;

  /** An engine with the network's own weights loaded. */
  public ReferenceEngine(QuantizedNetwork network) {
    this(network, blockOf(network, BLOCK));
  }

  /**
   * An engine for so many images at once, or fewer: smaller than the default one where they are
   * few.
   */
  public static ReferenceEngine forBatches(QuantizedNetwork network, int images) {
    return new ReferenceEngine(network, blockOf(network, images));
  }

  /** What one that is made for so many images takes: bytes of Java's heap, within 5 % and 2 MiB. */
  public static long memory(QuantizedNetwork network, int images) {
    return blockOf(network, images) * BlockMemory.perImage(network)
        + BlockMemory.ofWeights(network);
  }

  private static int blockOf(QuantizedNetwork network, int images) {
    int most = Math.max(1, Math.min(BLOCK, images));
    return BlockMemory.images(network, most, BYTES);
  }

  ReferenceEngine(QuantizedNetwork network, int block) {
    this.network = network;
    this.block = block;
    this.batches = new Batches(network, block);
    this.input = new Rows(network.inputShape(), block);
    this.stored = StoredTensors.of(network);
    this.blockLogits = new float[block * network.classes()];
    boolean codes = network.outputCodes().isPresent();
    int end = network.layers().size() - (codes ? 0 : 1);
    for (Layer layer : network.layers().subList(0, end)) {
      var out = new Rows(layer.outputShape(), block);
      runners.add(layer.match(new Runners(out)));
      tensors.add(out);
    }
    this.last =
        codes
            ? Optional.empty()
            : Optional.of(convolution((Convolution) network.layers().get(end), null));
    load(network.copyCodes());
  }

  /** Makes the runner of a layer that writes these codes. */
  private final class Runners implements LayerCases<LayerRunner> {
    private final Rows out;

    Runners(Rows out) {
      this.out = out;
    }

    @Override
    public LayerRunner convolution(Convolution layer) {
      return ReferenceEngine.this.convolution(layer, out);
    }

    @Override
    public LayerRunner maxPool(MaxPool layer) {
      return PoolRunners.maximum(layer, rowsOf(layer.input()), out, block);
    }

    @Override
    public LayerRunner averagePool(AveragePool layer) {
      int zero = network.codes(layer.input()).zero();
      return PoolRunners.average(layer, rowsOf(layer.input()), zero, out, block);
    }

    @Override
    public LayerRunner globalSum(GlobalSum layer) {
      return PoolRunners.sum(rowsOf(layer.input()), out);
    }

    @Override
    public LayerRunner add(Add layer) {
      return TensorRunners.add(
          layer, rowsOf(layer.input()), rowsOf(layer.second()), read(layer), out);
    }

    @Override
    public LayerRunner concat(Concat layer) {
      var parts = layer.inputs().stream().map(ReferenceEngine.this::rowsOf).toList();
      return TensorRunners.concat(layer, parts, read(layer), out);
    }

    @Override
    public LayerRunner pad(Pad layer) {
      int zero = network.codes(layer.input()).zero();
      return TensorRunners.pad(layer, rowsOf(layer.input()), zero, out);
    }

    private List<TensorCodes> read(Layer layer) {
      return layer.inputs().stream().map(network::codes).toList();
    }
  }

  private ConvolutionRunner convolution(Convolution c, Rows out) {
    Rows residual = c.residual().map(r -> rowsOf(r.source())).orElse(null);
    int residualZero = c.residual().map(r -> network.codes(r.source()).zero()).orElse(0);
    int zero = network.codes(c.input()).zero();
    var runner =
        new ConvolutionRunner(c, rowsOf(c.input()), zero, residual, residualZero, out, block);
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
  public void activations(ActivationFaults faults) {
    this.faults = faults;
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    batches.check(images, count, logits.length, network.classes());
    byte[] codes = network.input().encode(images, count);
    int step = batches.evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(codes, from, n);
      blockLogits(n, logits, from * network.classes());
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    batches.check(images, count, predictions.length, 1);
    byte[] codes = network.input().encode(images, count);
    int classes = network.classes();
    int step = batches.evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(codes, from, n);
      blockLogits(n, blockLogits, 0);
      for (int i = 0; i < n; i++) {
        predictions[from + i] = Prediction.of(blockLogits, i * classes, classes);
      }
    }
  }

  private void blockLogits(int n, float[] logits, int from) {
    if (last.isPresent()) {
      last.get().logits(n, logits, from);
      return;
    }
    var codes = network.outputCodes().orElseThrow();
    int classes = network.classes();
    int[][] rows = tensors.get(tensors.size() - 1).rows;
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < n; i++) {
        logits[from + i * classes + c] = codes.real(rows[c][i]);
      }
    }
  }

  /**
   * Runs the images and shows the observer the codes of every layer that writes codes, as they are
   * read.
   *
   * @param images pixels {@code [count, C, H, W]}
   */
  public void trace(byte[] images, int count, LayerObserver observer) {
    batches.check(images, count, count, 1);
    byte[] codes = network.input().encode(images, count);
    int step = batches.evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(codes, from, n);
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

  private void runBlock(byte[] codes, int from, int n) {
    int width = input.shape.width();
    int size = input.shape.size();
    for (int k = 0; k < size; k++) {
      int[] row = input.rows[k / width];
      int x = k % width;
      for (int i = 0; i < n; i++) {
        row[x * n + i] = codes[(from + i) * size + k] & 0xff;
      }
    }
    corrupt(QuantizedNetwork.INPUT, from, n);
    for (int p = 0; p < runners.size(); p++) {
      runners.get(p).run(n);
      corrupt(p, from, n);
    }
  }

  private void corrupt(int position, int from, int n) {
    if (faults != ActivationFaults.NONE && stored.contains(position)) {
      faults.corrupt(position, from, n, rowsOf(position).codes(n));
    }
  }

  @Override
  public void close() {
    // nothing off heap
  }
}
