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
import org.bitquake.engine.onednn.Forms.Form;
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
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;

/** The steps of a whole network for a block of {@code n} images, made once and run often. */
final class FloatBlock implements LayerCases<Void> {
  private final int n;
  private final QuantizedNetwork network;
  private final Forms forms;
  private final FloatMemory memories;
  private final Natives natives;
  private final Scratchpad scratchpad;
  private final List<Step> steps = new ArrayList<>();
  private int position;

  @SuppressWarnings("try") // javac: the scope is never referenced
  FloatBlock(int n, QuantizedNetwork network, Forms forms, FloatMemory memories, Natives natives) {
    this.n = n;
    this.network = network;
    this.forms = forms;
    this.memories = memories;
    this.natives = natives;
    this.scratchpad = new Scratchpad(memories.session(), natives);
    try (var scope = Natives.scope()) {
      addInput();
      finish(QuantizedNetwork.INPUT);
      for (position = 0; position < network.layers().size(); position++) {
        network.layers().get(position).match(this);
        finish(position);
      }
      scratchpad.allocate();
    }
  }

  void run(stream queue) {
    for (Step step : steps) {
      step.run(queue);
    }
  }

  /** Images' codes come as {@code [n, C, H, W]}. */
  private void addInput() {
    if (forms.of(QuantizedNetwork.INPUT) == Form.VALUES) {
      steps.add(FloatSteps.input(n, network, memories));
      return;
    }
    steps.add(FloatSteps.pixels(n, network, memories));
    long[] dims = FloatPrimitive.dims(n, network.inputShape());
    var plain = new memory.desc(dims, data_type.u8, format_tag.nchw);
    var pixels = natives.keep(new memory(plain, memories.session().device(), memories.pixels()));
    var to = tensor(QuantizedNetwork.INPUT, Form.CODES);
    addReorder(new reorder(pixels, to), pixels, to);
  }

  /** Faults come into what was written; then it is there in every form that somebody reads. */
  private void finish(int written) {
    steps.add(memories.faults().after(written));
    if (forms.inBoth(written)) {
      Form form = forms.of(written);
      var from = tensor(written, form);
      var to = tensor(written, form.other());
      int zero = network.codes(written).zero();
      var attributes = new primitive_attr();
      if (zero != 0) {
        int side = form == Form.CODES ? DNNL_ARG_SRC : DNNL_ARG_DST;
        attributes.set_zero_points(side, 0, new int[] {zero});
      }
      addReorder(new reorder(from, to, attributes), from, to);
    }
  }

  private void addReorder(reorder made, memory from, memory to) {
    var arguments = natives.keep(new IntMemoryMap());
    arguments.put(DNNL_ARG_FROM, from);
    arguments.put(DNNL_ARG_TO, to);
    steps.add(step(made, arguments));
  }

  @Override
  public Void convolution(Convolution layer) {
    if (forms.inBytes(position)) {
      addInBytes(layer);
    } else {
      addInFloats(layer);
    }
    return null;
  }

  private void addInBytes(Convolution layer) {
    var weights = (WeightMemory) memories.weights(position);
    var how = memories.inBytes(position, layer);
    var described = how.forBlock(n, weights.packed().get_desc(), memories.session());
    var arguments =
        arguments(
            memories.at(layer.input(), Form.CODES, how.source(n), natives),
            memories.at(position, forms.of(position), how.destination(n), natives),
            described);
    arguments.put(DNNL_ARG_WEIGHTS, weights.packed());
    arguments.put(DNNL_ARG_BIAS, weights.bias());
    steps.add(step(new primitive(described), arguments));
    if (forms.of(position) == Form.VALUES && layer.activation().isPresent()) {
      steps.add(FloatSteps.round(n, layer, position, memories));
    }
  }

  private void addInFloats(Convolution layer) {
    var weights = memories.weights(position);
    var how = new FloatPrimitive(layer);
    var described = how.forBlock(n, weights.packed().get_desc(), memories.session());
    var arguments =
        arguments(
            memories.at(layer.input(), Form.VALUES, how.source(n), natives),
            memories.at(position, Form.VALUES, how.destination(n), natives),
            described);
    arguments.put(DNNL_ARG_WEIGHTS, weights.packed());
    steps.add(step(new primitive(described), arguments));
    steps.add(FloatSteps.requantise(n, layer, position, memories));
  }

  @Override
  public Void maxPool(MaxPool pool) {
    Form form = forms.of(position);
    var in = tensor(pool.input(), form);
    var out = tensor(position, form);
    var w = pool.window();
    var what =
        new pooling_forward.desc(
            dnnl.prop_kind.forward_inference,
            dnnl.algorithm.pooling_max,
            in.get_desc(),
            out.get_desc(),
            new long[] {w.strideY(), w.strideX()},
            new long[] {w.kernelHeight(), w.kernelWidth()},
            new long[] {w.top(), w.left()},
            new long[] {w.bottom(), w.right()});
    var attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    var described =
        new pooling_forward.primitive_desc(what, attributes, memories.session().device());
    steps.add(step(new primitive(described), arguments(in, out, described)));
    return null;
  }

  @Override
  public Void averagePool(AveragePool layer) {
    return add(FloatSteps.average(n, layer, position, memories));
  }

  @Override
  public Void globalSum(GlobalSum layer) {
    return add(FloatSteps.sum(n, layer, position, memories));
  }

  @Override
  public Void add(Add layer) {
    return add(FloatSteps.add(n, layer, position, memories));
  }

  @Override
  public Void concat(Concat layer) {
    return add(FloatSteps.concat(n, layer, position, memories));
  }

  @Override
  public Void pad(Pad layer) {
    return add(FloatSteps.pad(n, layer, position, memories));
  }

  private Void add(Step step) {
    steps.add(step);
    return null;
  }

  private memory tensor(int at, Form form) {
    long[] dims = FloatPrimitive.dims(n, network.shapeOf(at));
    var type = form == Form.CODES ? data_type.u8 : data_type.f32;
    return memories.at(at, form, new memory.desc(dims, type, format_tag.nhwc), natives);
  }

  private IntMemoryMap arguments(memory in, memory out, primitive_desc described) {
    var arguments = natives.keep(new IntMemoryMap());
    arguments.put(DNNL_ARG_SRC, in);
    arguments.put(DNNL_ARG_DST, out);
    arguments.put(DNNL_ARG_SCRATCHPAD, scratchpad.reserve(described.scratchpad_desc()));
    return arguments;
  }

  /** On a processor, the call returns when the work is done. */
  private Step step(primitive made, IntMemoryMap arguments) {
    natives.keep(made);
    return queue -> made.execute(queue, arguments);
  }

  /** Whether sums over windows of every layer without weights are exact. */
  static boolean sumsExactly(QuantizedNetwork network, Layer layer) {
    if (layer instanceof AveragePool p) {
      return (long) p.window().taps() * network.codes(p.input()).reach() <= FloatWeights.EXACT;
    }
    if (layer instanceof GlobalSum s) {
      long area = (long) s.inputShape().height() * s.inputShape().width();
      return area * network.codes(s.input()).reach() <= FloatWeights.EXACT;
    }
    return true;
  }
}
