package org.bitquake.engine.onednn;

import java.util.List;
import java.util.Optional;
import org.bitquake.engine.Batches;
import org.bitquake.engine.Engine;
import org.bitquake.engine.Prediction;
import org.bitquake.engine.ReferenceEngine;
import org.bitquake.memory.ActivationFaults;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/**
 * Runs networks of every kind of layer on oneDNN. What is between layers is the float {@code code −
 * zero}, or the code, as {@link Forms} says; so are products.
 *
 * <p>Where a weight is the float w, products and sums of such integers are exact in float32 up to
 * 2^24, in any order. Whether they stay below is found out for the weights of each load; where they
 * do not, the reference engine answers. Where weights are bytes, sums are exact in int32.
 *
 * <p>One of these belongs to one task thread at a time.
 */
final class FloatEngine implements Engine {
  private static final int BLOCK = 32;
  private static final int GRAIN = 4;

  private final QuantizedNetwork network;
  private final List<Convolution> layers;
  private final Forms forms;
  private final int block;
  private final Batches batches;
  private final Natives natives = new Natives();
  private final FloatMemory memories;
  private final FloatBlock[] blocks;
  private final float[] blockLogits;

  /** Stands in where sums of the weights loaded may leave float32's integers. */
  private Optional<ReferenceEngine> reference = Optional.empty();

  private ActivationFaults faults = ActivationFaults.NONE;
  private boolean inexact;
  private boolean closed;

  /** An engine with the network's own weights loaded. */
  FloatEngine(QuantizedNetwork network, Forms forms) {
    this(network, forms, blockOf(network, forms));
  }

  private static int blockOf(QuantizedNetwork network, Forms forms) {
    long bytes = new FloatBuffers(network, forms).bytesPerImage();
    return (int) Math.min(BLOCK, Math.max(1, OneDnnEngine.MAX_BLOCK_BYTES / bytes));
  }

  private FloatEngine(QuantizedNetwork network, Forms forms, int block) {
    this.network = network;
    this.layers = network.weightLayers();
    this.forms = forms;
    this.block = block;
    this.batches = new Batches(network, block);
    this.blocks = new FloatBlock[block + 1];
    this.blockLogits = new float[block * network.classes()];
    try {
      this.memories = new FloatMemory(network, forms, block, natives);
      load(network.copyCodes());
    } catch (RuntimeException | Error e) {
      natives.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return FloatProvider.NAME;
  }

  @Override
  public void load(byte[][] codes) {
    requireOpen();
    List<LayerWeights> weights = memories.weights();
    batches.check(codes);
    LayerWeights.check(layers, codes);
    inexact = false;
    for (int i = 0; i < codes.length; i++) {
      inexact |= !weights.get(i).load(codes[i], memories.session().queue());
    }
    if (inexact) {
      reference = Optional.of(reference.orElseGet(() -> new ReferenceEngine(network)));
      reference.get().load(codes);
      reference.get().activations(faults);
    }
  }

  @Override
  public void activations(ActivationFaults faults) {
    this.faults = faults;
    memories.faults().use(faults);
    reference.ifPresent(engine -> engine.activations(faults));
  }

  @Override
  public void logits(byte[] images, int count, float[] logits) {
    check(images, count, logits.length, network.classes());
    if (inexact) {
      reference.orElseThrow().logits(images, count, logits);
      return;
    }
    byte[] codes = network.input().encode(images, count);
    int step = roomFor(batches.evenBlock(count));
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(codes, from, n);
      takeLogits(n, logits, from * network.classes());
    }
  }

  @Override
  public void predict(byte[] images, int count, int[] predictions) {
    check(images, count, predictions.length, 1);
    if (inexact) {
      reference.orElseThrow().predict(images, count, predictions);
      return;
    }
    byte[] codes = network.input().encode(images, count);
    int classes = network.classes();
    int step = roomFor(batches.evenBlock(count));
    for (int from = 0; from < count; from += step) {
      int n = Math.min(step, count - from);
      runBlock(codes, from, n);
      takeLogits(n, blockLogits, 0);
      for (int i = 0; i < n; i++) {
        predictions[from + i] = Prediction.of(blockLogits, i * classes, classes);
      }
    }
  }

  private void takeLogits(int n, float[] logits, int from) {
    int length = n * network.classes();
    memories.values(network.layers().size() - 1).get(0, logits, from, length);
    if (network.outputCodes().isPresent()) {
      float step = network.outputCodes().get().step();
      for (int i = from; i < from + length; i++) {
        logits[i] *= step;
      }
    }
  }

  private void runBlock(byte[] codes, int from, int n) {
    memories.images = codes;
    memories.from = from * network.inputShape().size();
    memories.faults().begin(from, n);
    int room = roomFor(n);
    if (blocks[room] == null) {
      blocks[room] = new FloatBlock(room, network, forms, memories, natives);
    }
    blocks[room].run(memories.session().queue());
    memories.images = new byte[0];
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
    reference.ifPresent(ReferenceEngine::close);
    natives.close();
  }
}
