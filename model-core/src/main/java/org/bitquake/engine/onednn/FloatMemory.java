package org.bitquake.engine.onednn;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bitquake.engine.onednn.Forms.Form;
import org.bitquake.memory.StoredCodes;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;

/** All native memory of one network but the scratchpads: tensors {@code [n, H, W, C]}, weights. */
final class FloatMemory {
  private final Session session;
  private final FloatBuffers buffers;
  private final List<BytePointer> allocated = new ArrayList<>();
  private final List<LayerWeights> weights = new ArrayList<>();
  private final LayerWeights[] weightsOf;

  private final QuantizedNetwork network;
  private final Forms forms;
  private final BytePointer pixels;
  private final BlockFaults faults;

  /** The codes of the images of the block that runs, {@code [n, C, H, W]}, and where they begin. */
  byte[] images = {};

  int from;

  /**
   * @param block the most images at once
   */
  @SuppressWarnings("try") // javac: the scope is never referenced
  FloatMemory(QuantizedNetwork network, Forms forms, int block, Natives natives) {
    this.network = network;
    this.forms = forms;
    this.buffers = new FloatBuffers(network, forms);
    this.faults = new BlockFaults(network, this::stored);
    this.weightsOf = new LayerWeights[network.layers().size()];
    try (var scope = Natives.scope()) {
      this.session = Session.open(natives);
      for (long size : buffers.bytesOfBuffers()) {
        allocated.add(allocate(size * block, natives));
      }
      this.pixels = allocate((long) network.inputShape().size() * block, natives);
      for (int i = 0; i < weightsOf.length; i++) {
        if (network.layers().get(i) instanceof Convolution c) {
          weightsOf[i] = weights(i, c, block, natives);
          weights.add(weightsOf[i]);
        }
      }
    }
  }

  private BytePointer allocate(long size, Natives natives) {
    var owner = natives.keep(session.bytes(size));
    return natives.keep(new BytePointer(owner.get_data_handle()).capacity(size));
  }

  private LayerWeights weights(int position, Convolution layer, int block, Natives natives) {
    if (forms.inBytes(position)) {
      var how = inBytes(position, layer);
      var best = how.forBlock(block, how.anyWeights(), session).weights_desc();
      return new WeightMemory(how, best, session, natives);
    }
    var how = new FloatPrimitive(layer);
    var best = how.forBlock(block, how.anyWeights(), session).weights_desc();
    var read = network.codes(layer.input());
    return new FloatWeights(layer, read, how.plainWeights(), best, session, natives);
  }

  /** How a layer that multiplies bytes is said to oneDNN. */
  LayerPrimitive inBytes(int position, Convolution layer) {
    var in = Codes.of(network, layer.input());
    int zero = network.codes(layer.input()).zero();
    return new LayerPrimitive(layer, in, zero, forms.of(position) == Form.CODES);
  }

  private StoredCodes stored(int position) {
    var shape = network.shapeOf(position);
    return forms.of(position) == Form.CODES
        ? BlockFaults.bytes(shape, bytes(position, Form.CODES).asByteBuffer())
        : BlockFaults.values(shape, network.codes(position).zero(), values(position));
  }

  BlockFaults faults() {
    return faults;
  }

  Session session() {
    return session;
  }

  /** Of the layers with weights, in order. */
  List<LayerWeights> weights() {
    return weights;
  }

  LayerWeights weights(int position) {
    return weightsOf[position];
  }

  /** Where images' codes go that are not turned into floats at once, {@code [n, C, H, W]}. */
  BytePointer pixels() {
    return pixels;
  }

  private BytePointer bytes(int position, Form form) {
    return allocated.get(buffers.of(position, form));
  }

  /** What the layer at this position (or {@code INPUT}) writes, as an argument of a primitive. */
  memory at(int position, Form form, memory.desc layout, Natives natives) {
    return natives.keep(new memory(layout, session.device(), bytes(position, form)));
  }

  /** The same, as values. */
  FloatBuffer values(int position) {
    var bytes = bytes(position, Form.VALUES);
    return bytes.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }
}
