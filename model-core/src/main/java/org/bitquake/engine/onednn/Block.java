package org.bitquake.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/** The steps of a whole network for a block of {@code n} images, made once and run often. */
final class Block {
  private final int n;
  private final QuantizedNetwork network;
  private final NetworkMemory memories;
  private final Natives natives;
  private final Scratchpad scratchpad;
  private final List<Step> steps = new ArrayList<>();

  @SuppressWarnings("try") // javac: the scope is never referenced
  Block(int n, QuantizedNetwork network, NetworkMemory memories, Natives natives) {
    this.n = n;
    this.network = network;
    this.memories = memories;
    this.natives = natives;
    this.scratchpad = new Scratchpad(memories.session(), natives);
    try (var scope = Natives.scope()) {
      addInput();
      steps.add(memories.faults().after(QuantizedNetwork.INPUT));
      for (int i = 0; i < network.layers().size(); i++) {
        add(i, network.layers().get(i));
        steps.add(memories.faults().after(i));
      }
      scratchpad.allocate();
    }
  }

  void run(stream queue) {
    for (Step step : steps) {
      step.run(queue);
    }
  }

  /** Images come as {@code [n, C, H, W]}. */
  private void addInput() {
    if (network.inputShape().channels() > 1) {
      long[] dims = Codes.of(network, QuantizedNetwork.INPUT).dims(n);
      var from =
          natives.keep(
              memories.images(new memory.desc(dims, data_type.u8, format_tag.nchw), natives));
      var to = tensor(QuantizedNetwork.INPUT);
      var arguments = arguments(DNNL_ARG_FROM, from, DNNL_ARG_TO, to);
      steps.add(step(new reorder(from, to), arguments));
    }
  }

  private void add(int position, Layer layer) {
    if (layer instanceof Convolution c) {
      addWeighted(position, c);
    } else if (layer instanceof MaxPool p) {
      addPool(position, p);
    } else if (layer instanceof GlobalSum s) {
      var in = Codes.of(network, s.input());
      var out = Codes.of(network, position);
      steps.add(new SumStep(n, in, out, memories.bytes(s.input()), memories.bytes(position)));
    }
  }

  private void addWeighted(int position, Convolution layer) {
    var weights = memories.weights(position);
    var how = new LayerPrimitive(layer, Codes.of(network, layer.input()));
    var described = how.forBlock(n, weights.packed().get_desc(), memories.session());
    var in = memories.at(layer.input(), how.source(n), natives);
    var out = memories.at(position, how.destination(n), natives);
    layer.residual().ifPresent(r -> addCopy(position, r.source()));
    var arguments = arguments(DNNL_ARG_SRC, in, DNNL_ARG_DST, out);
    arguments.put(DNNL_ARG_WEIGHTS, weights.packed());
    arguments.put(DNNL_ARG_BIAS, weights.bias());
    arguments.put(DNNL_ARG_SCRATCHPAD, scratchpad.reserve(described.scratchpad_desc()));
    steps.add(step(new primitive(described), arguments));
  }

  /** The residual goes to where the sum will be, unless it is there. */
  private void addCopy(int position, int residual) {
    if (!memories.buffers().overwritesResidual(position)) {
      long size = Codes.of(network, residual).bytesPerImage() * n;
      Pointer from = memories.bytes(residual);
      Pointer to = memories.bytes(position);
      steps.add(queue -> Pointer.memcpy(to, from, size));
    }
  }

  private void addPool(int position, MaxPool pool) {
    var in = tensor(pool.input());
    var out = tensor(position);
    var what =
        new pooling_forward.desc(
            dnnl.prop_kind.forward_inference,
            dnnl.algorithm.pooling_max,
            in.get_desc(),
            out.get_desc(),
            new long[] {pool.stride(), pool.stride()},
            new long[] {pool.size(), pool.size()},
            new long[] {0, 0},
            new long[] {0, 0});
    var attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    var described =
        new pooling_forward.primitive_desc(what, attributes, memories.session().device());
    var arguments = arguments(DNNL_ARG_SRC, in, DNNL_ARG_DST, out);
    arguments.put(DNNL_ARG_SCRATCHPAD, scratchpad.reserve(described.scratchpad_desc()));
    steps.add(step(new primitive(described), arguments));
  }

  private memory tensor(int position) {
    long[] dims = Codes.of(network, position).dims(n);
    return memories.at(position, new memory.desc(dims, data_type.u8, format_tag.nhwc), natives);
  }

  private IntMemoryMap arguments(int first, memory a, int second, memory b) {
    var arguments = natives.keep(new IntMemoryMap());
    arguments.put(first, a);
    arguments.put(second, b);
    return arguments;
  }

  /** On a processor, the call returns when the work is done. */
  private Step step(primitive made, IntMemoryMap arguments) {
    natives.keep(made);
    return queue -> made.execute(queue, arguments);
  }
}
