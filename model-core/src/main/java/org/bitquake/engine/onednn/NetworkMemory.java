package org.bitquake.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;

/** All native memory of one network but the scratchpads: images, tensors, weights, logits. */
final class NetworkMemory {
  private final QuantizedNetwork network;
  private final Session session;
  private final Buffers buffers;
  private final List<BytePointer> allocated = new ArrayList<>();
  private final List<WeightMemory> weights = new ArrayList<>();
  private final WeightMemory[] weightsOf;
  private final BytePointer images;
  private final BytePointer logits;
  private final FloatPointer logitValues;
  private final BlockFaults faults;

  /**
   * @param block the most images at once
   */
  @SuppressWarnings("try") // javac: the scope is never referenced
  NetworkMemory(QuantizedNetwork network, int block, Natives natives) {
    this.network = network;
    this.faults =
        new BlockFaults(
            network, p -> BlockFaults.bytes(network.shapeOf(p), bytes(p).asByteBuffer()));
    this.weightsOf = new WeightMemory[network.layers().size()];
    try (var scope = Natives.scope()) {
      this.session = Session.open(natives);
      this.buffers = new Buffers(network);
      for (long size : buffers.bytesPerImage()) {
        allocated.add(allocate(size * block, natives));
      }
      this.images =
          network.inputShape().channels() == 1
              ? bytes(QuantizedNetwork.INPUT)
              : allocate((long) network.inputShape().size() * block, natives);
      this.logits = allocate((long) network.classes() * Float.BYTES * block, natives);
      this.logitValues = natives.keep(new FloatPointer(logits));
      for (int i = 0; i < weightsOf.length; i++) {
        if (network.layers().get(i) instanceof Convolution c) {
          weightsOf[i] = weights(c, block, natives);
          weights.add(weightsOf[i]);
        }
      }
    }
  }

  private WeightMemory weights(Convolution layer, int block, Natives natives) {
    var in = Codes.of(network, layer.input());
    var how = new LayerPrimitive(layer, in);
    var best = how.forBlock(block, how.anyWeights(), session).weights_desc();
    return new WeightMemory(how, best, session, natives);
  }

  private BytePointer allocate(long size, Natives natives) {
    var owner = natives.keep(session.bytes(size));
    return natives.keep(new BytePointer(owner.get_data_handle()).capacity(size));
  }

  BlockFaults faults() {
    return faults;
  }

  Session session() {
    return session;
  }

  Buffers buffers() {
    return buffers;
  }

  /** Of the layers with weights, in order. */
  List<WeightMemory> weights() {
    return weights;
  }

  WeightMemory weights(int position) {
    return weightsOf[position];
  }

  /** Where images go, {@code [n, C, H, W]}. */
  BytePointer images() {
    return images;
  }

  /** {@code [n, classes]}. */
  FloatPointer logits() {
    return logitValues;
  }

  /** What the layer at this position (or {@code INPUT}) writes. */
  BytePointer bytes(int position) {
    return position == network.layers().size() - 1 ? logits : allocated.get(buffers.of(position));
  }

  /** The same as an argument of a primitive, of this form. */
  memory at(int position, memory.desc form, Natives natives) {
    return natives.keep(new memory(form, session.device(), bytes(position)));
  }

  memory images(memory.desc form, Natives natives) {
    return natives.keep(new memory(form, session.device(), images));
  }
}
