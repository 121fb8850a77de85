package org.bitquake.engine.onednn;

import java.util.Arrays;
import java.util.List;
import org.bitquake.Text;
import org.bitquake.engine.Engine;
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
  private final int block;
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
    this.block = block;
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
    if (codes.length != weights.size()) {
      throw new IllegalArgumentException(
          Text.of("%d arrays of codes for %d layers with weights", codes.length, weights.size()));
    }
    for (int i = 0; i < codes.length; i++) {
      weights.get(i).check(codes[i]);
    }
    for (int i = 0; i < codes.length; i++) {
      weights.get(i).load(codes[i], memories.session().queue());
    }
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    check(images, count, logits.length, network.classes());
    int step = evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      memories.logits().get(logits, from * network.classes(), n * network.classes());
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    check(images, count, predictions.length, 1);
    int step = evenBlock(count);
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(images, from, n);
      memories.logits().get(blockLogits, 0, n * network.classes());
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

  /** What is behind the last image in its block is computed as well, and not looked at. */
  private void runBlock(byte[] pixels, int from, int n) {
    int size = network.inputShape().size();
    memories.images().put(pixels, from * size, n * size);
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

  /** Blocks of about equal size, so that a batch just above one block is not slow. */
  private int evenBlock(int count) {
    int parts = Math.max(1, (count + block - 1) / block);
    return roomFor(Math.max(1, (count + parts - 1) / parts));
  }

  private int roomFor(int n) {
    return n < GRAIN ? n : Math.min(block, (n + GRAIN - 1) / GRAIN * GRAIN);
  }

  private void check(byte[] images, int count, int results, int perImage) {
    requireOpen();
    if (count < 0
        || (long) count * network.inputShape().size() > images.length
        || (long) count * perImage > results) {
      throw new IllegalArgumentException(
          Text.of(
              "%d images of %s need %d bytes and %d results; there are %d and %d",
              count,
              network.inputShape(),
              (long) count * network.inputShape().size(),
              (long) count * perImage,
              images.length,
              results));
    }
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
