package org.bitquake.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.List;
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
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.stream;

/** The steps of a whole network for a block of {@code n} images, made once and run often. */
final class FloatBlock implements LayerCases<Void> {
  private final int n;
  private final QuantizedNetwork network;
  private final FloatMemory memories;
  private final Natives natives;
  private final Scratchpad scratchpad;
  private final List<Step> steps = new ArrayList<>();
  private int position;

  @SuppressWarnings("try") // javac: the scope is never referenced
  FloatBlock(int n, QuantizedNetwork network, FloatMemory memories, Natives natives) {
    this.n = n;
    this.network = network;
    this.memories = memories;
    this.natives = natives;
    this.scratchpad = new Scratchpad(memories.session(), natives);
    try (var scope = Natives.scope()) {
      steps.add(FloatSteps.input(n, network, memories));
      steps.add(memories.faults().after(QuantizedNetwork.INPUT));
      for (position = 0; position < network.layers().size(); position++) {
        network.layers().get(position).match(this);
        steps.add(memories.faults().after(position));
      }
      scratchpad.allocate();
    }
  }

  void run(stream queue) {
    for (Step step : steps) {
      step.run(queue);
    }
  }

  @Override
  public Void convolution(Convolution layer) {
    var weights = memories.weights(position);
    var how = new FloatPrimitive(layer);
    var described = how.forBlock(n, weights.packed().get_desc(), memories.session());
    var arguments =
        arguments(
            memories.at(layer.input(), how.source(n), natives),
            memories.at(position, how.destination(n), natives),
            described);
    arguments.put(DNNL_ARG_WEIGHTS, weights.packed());
    steps.add(step(new primitive(described), arguments));
    steps.add(FloatSteps.requantise(n, layer, position, memories));
    return null;
  }

  @Override
  public Void maxPool(MaxPool pool) {
    var in = tensor(pool.input());
    var out = tensor(position);
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

  private memory tensor(int at) {
    return memories.at(at, FloatPrimitive.tensor(n, network.shapeOf(at)), natives);
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
