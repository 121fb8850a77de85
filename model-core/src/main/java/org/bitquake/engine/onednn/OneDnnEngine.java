package org.bitquake.engine.onednn;

import java.util.Arrays;
import java.util.List;
import org.bitquake.engine.Batches;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Prediction;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * Runs networks on oneDNN's integer primitives. One of these belongs to one task thread at a time;
 * oneDNN itself takes as many threads as {@code OMP_NUM_THREADS} says, which should be 1.
 */
public final class OneDnnEngine implements Engine {
  /** Images in a block: enough for matrix products, few enough to stay in the cache. */
  static final int BLOCK = 32;

  /** Of the tensors of a block. Fewer images go into a block where they need more. */
  static final long MAX_BLOCK_BYTES = 256L << 20;

  /** Larger blocks are rounded up to a multiple of this, so that there are few kinds. */
  private static final int GRAIN = 4;

  private final QuantizedNetwork network;
  private final List<Convolution> layers;
  private final int block;
  private final Batches batches;
  private final Natives natives = new Natives();
  private final NetworkMemory memories;
  private final Block[] blocks;
  private final float[] blockLogits;
  private boolean closed;

  /** An engine with the network's own weights loaded. */
  OneDnnEngine(QuantizedNetwork network) {
    this(network, (int) Math.min(BLOCK, Math.max(1, MAX_BLOCK_BYTES / bytesPerImage(network))));
  }

  OneDnnEngine(QuantizedNetwork network, int block) {
    this.network = network;
    this.layers = network.weightLayers();
    this.block = block;
    this.batches = new Batches(network, block);
    this.blocks = new Block[block + 1];
    this.blockLogits = new float[block * network.classes()];
    try {
      this.memories = new NetworkMemory(network, block, natives);
      load(network.copyCodes());
    } catch (RuntimeException | Error e) {
      natives.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return OneDnnProvider.NAME;
  }

  @Override
  public void load(byte[][] codes) {
    requireOpen();
    List<WeightMemory> weights = memories.weights();
    batches.check(codes);
    LayerWeights.check(layers, codes);
    for (int i = 0; i < codes.length; i++) {
      weights.get(i).load(codes[i], memories.session().queue());
    }
  }

  @Override
  public void activations(ActivationFaults faults) {
    memories.faults().use(faults);
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    check(images, count, logits.length, network.classes());
    int step = roomFor(batches.evenBlock(count));
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      memories.logits().get(logits, from * network.classes(), n * network.classes());
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    check(images, count, predictions.length, 1);
    int classes = network.classes();
    int step = roomFor(batches.evenBlock(count));
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      memories.logits().get(blockLogits, 0, n * classes);
      for (int i = 0; i < n; i++) {
        predictions[from + i] = Prediction.of(blockLogits, i * classes, classes);
      }
    }
  }

  /** What is behind the last image in its block is computed as well, and not looked at. */
  private void runBlock(byte[] pixels, int from, int n) {
    int size = network.inputShape().size();
    memories.images().put(pixels, from * size, n * size);
    memories.faults().begin(from, n);
    blockFor(n).run(memories.session().queue());
  }

  private Block blockFor(int n) {
    int room = roomFor(n);
    if (blocks[room] == null) {
      blocks[room] = new Block(room, network, memories, natives);
    }
    return blocks[room];
  }

  /** Of the tensors of an image. */
  static long bytesPerImage(QuantizedNetwork network) {
    return Arrays.stream(new Buffers(network).bytesPerImage()).sum();
  }

  private int roomFor(int n) {
    return n < GRAIN ? n : Math.min(block, (n + GRAIN - 1) / GRAIN * GRAIN);
  }

  private void check(byte[] images, int count, int results, int perImage) {
    requireOpen();
    batches.check(images, count, results, perImage);
  }

  /** Native memory that was freed is not to be touched. */
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the engine of network " + network.name() + " is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    natives.close();
  }
}
