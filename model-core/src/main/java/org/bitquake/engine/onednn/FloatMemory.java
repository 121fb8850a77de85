package org.bitquake.engine.onednn;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;

/** All native memory of one network but the scratchpads: tensors {@code [n, H, W, C]}, weights. */
final class FloatMemory {
  private final Session session;
  private final FloatBuffers buffers;
  private final List<BytePointer> allocated = new ArrayList<>();
  private final List<FloatWeights> weights = new ArrayList<>();
  private final FloatWeights[] weightsOf;

  private final BlockFaults faults;

  /** The codes of the images of the block that runs, {@code [n, C, H, W]}, and where they begin. */
  byte[] images = {};

  int from;

  /**
   * @param block the most images at once
   */
  @SuppressWarnings("try") // javac: the scope is never referenced
  FloatMemory(QuantizedNetwork network, int block, Natives natives) {
    this.buffers = new FloatBuffers(network);
    this.faults =
        new BlockFaults(
            network,
            p -> BlockFaults.values(network.shapeOf(p), network.codes(p).zero(), values(p)));
    this.weightsOf = new FloatWeights[network.layers().size()];
    try (var scope = Natives.scope()) {
      this.session = Session.open(natives);
      for (long values : buffers.valuesPerImage()) {
        long size = values * Float.BYTES * block;
        var owner = natives.keep(session.bytes(size));
        allocated.add(natives.keep(new BytePointer(owner.get_data_handle()).capacity(size)));
      }
      for (int i = 0; i < weightsOf.length; i++) {
        if (network.layers().get(i) instanceof Convolution c) {
          var how = new FloatPrimitive(c);
          var best = how.forBlock(block, how.anyWeights(), session).weights_desc();
          var read = network.codes(c.input());
          weightsOf[i] = new FloatWeights(c, read, how.plainWeights(), best, session, natives);
          weights.add(weightsOf[i]);
        }
      }
    }
  }

  BlockFaults faults() {
    return faults;
  }

  Session session() {
    return session;
  }

  /** Of the layers with weights, in order. */
  List<FloatWeights> weights() {
    return weights;
  }

  FloatWeights weights(int position) {
    return weightsOf[position];
  }

  /** What the layer at this position (or {@code INPUT}) writes, as an argument of a primitive. */
  memory at(int position, memory.desc form, Natives natives) {
    var bytes = allocated.get(buffers.of(position));
    return natives.keep(new memory(form, session.device(), bytes));
  }

  /** The same, as values. */
  FloatBuffer values(int position) {
    var bytes = allocated.get(buffers.of(position));
    return bytes.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
