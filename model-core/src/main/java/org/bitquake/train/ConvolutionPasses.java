package org.bitquake.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.algorithm.convolution_auto;
import static org.bytedeco.dnnl.global.dnnl.prop_kind.forward_training;

import java.util.Optional;
import java.util.function.Supplier;
import org.bitquake.engine.onednn.OneDnnProvider;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;

/**
 * The passes of a convolution without bias and groups in training, as oneDNN does them fastest: in
 * its own layouts, and by Winograd's algorithm (arXiv 1509.09308) where it has that. Maps are
 * floats {@code [B, C, H, W]}, weights {@code [outC, inC, kH, kW]}.
 */
final class ConvolutionPasses {
  /** Working memory that the layers of a network, which run one after the other, share. */
  static final class Room {
    private final engine device = new engine(engine.kind.cpu, 0);
    private final stream queue = new stream(device);
    private final memory[] held = new memory[4];

    private Room() {}

    /** Empty where oneDNN is not to be had. */
    static Optional<Room> open() {
      return new OneDnnProvider().unavailable().isEmpty()
          ? Optional.of(new Room())
          : Optional.empty();
    }

    /** At least so many bytes, for what is of this kind. */
    private Pointer bytes(int kind, long size) {
      if (held[kind] == null || held[kind].get_desc().get_size() < size) {
        long[] dims = {Math.max(size, 1)};
        var bytes = new memory.desc(dims, memory.data_type.u8, format_tag.x);
        held[kind] = new memory(bytes, device);
      }
      return held[kind].get_data_handle();
    }
  }

  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final int WEIGHTS = 2;
  private static final int SCRATCHPAD = 3;

  private final Room room;
  private final memory.desc[] plain;
  private final long[] strides;
  private final long[] padding;
  private final Pass forward;
  private final Pass toInput;
  private final Pass toWeights;
  private final boolean oneGradient;

  /**
   * @param input shape of what is read
   * @param output shape of what is written
   * @param weights shape
   */
  ConvolutionPasses(
      Room room, long[] input, long[] output, long[] weights, int[] strides, int[] padding) {
    this.room = room;
    this.strides = new long[] {strides[0], strides[1]};
    this.padding = new long[] {padding[0], padding[1]};
    plain =
        new memory.desc[] {
          desc(input, format_tag.nchw),
          desc(output, format_tag.nchw),
          desc(weights, format_tag.oihw)
        };
    var in = desc(input, format_tag.any);
    var out = desc(output, format_tag.any);
    var w = desc(weights, format_tag.any);
    var f = winograd(() -> forward(in, w, out));
    forward =
        new Pass(f)
            .reads(INPUT, DNNL_ARG_SRC, f.src_desc())
            .reads(WEIGHTS, DNNL_ARG_WEIGHTS, f.weights_desc())
            .writes(OUTPUT, DNNL_ARG_DST, f.dst_desc());
    var d = winograd(() -> toInput(in, w, out, f));
    toInput =
        new Pass(d)
            .reads(OUTPUT, DNNL_ARG_DIFF_DST, d.diff_dst_desc())
            .reads(WEIGHTS, DNNL_ARG_WEIGHTS, d.weights_desc())
            .writes(INPUT, DNNL_ARG_DIFF_SRC, d.diff_src_desc());
    var g = winograd(() -> toWeights(in, w, out, f));
    toWeights =
        new Pass(g)
            .reads(INPUT, DNNL_ARG_SRC, g.src_desc())
            .reads(OUTPUT, DNNL_ARG_DIFF_DST, g.diff_dst_desc())
            .writes(WEIGHTS, DNNL_ARG_DIFF_WEIGHTS, g.diff_weights_desc());
    oneGradient = toInput.copy[OUTPUT] != null && d.diff_dst_desc().equals(g.diff_dst_desc());
  }

  private static memory.desc desc(long[] shape, format_tag layout) {
    return new memory.desc(shape, memory.data_type.f32, layout);
  }

  /** What oneDNN offers first, unless it has Winograd's algorithm further down. */
  private static <D extends primitive_desc> D winograd(Supplier<D> offers) {
    D offer = offers.get();
    boolean more = true;
    while (more && !offer.impl_info_str().getString().contains("wino")) {
      more = offer.next_impl();
    }
    return more ? offer : offers.get();
  }

  private convolution_forward.primitive_desc forward(
      memory.desc in, memory.desc w, memory.desc out) {
    var what =
        new convolution_forward.desc(
            forward_training, convolution_auto, in, w, out, strides, padding, padding);
    return new convolution_forward.primitive_desc(what, attributes(), room.device);
  }

  private convolution_backward_data.primitive_desc toInput(
      memory.desc in, memory.desc w, memory.desc out, convolution_forward.primitive_desc hint) {
    var what =
        new convolution_backward_data.desc(convolution_auto, in, w, out, strides, padding, padding);
    return new convolution_backward_data.primitive_desc(what, attributes(), room.device, hint);
  }

  private convolution_backward_weights.primitive_desc toWeights(
      memory.desc in, memory.desc w, memory.desc out, convolution_forward.primitive_desc hint) {
    var what =
        new convolution_backward_weights.desc(
            convolution_auto, in, w, out, strides, padding, padding);
    return new convolution_backward_weights.primitive_desc(what, attributes(), room.device, hint);
  }

  private static primitive_attr attributes() {
    var attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    return attributes;
  }

  void forward(Pointer input, Pointer weights, Pointer output) {
    forward.run(input, output, weights);
  }

  /** Writes the gradients at the input and at the weights. */
  void backward(
      Pointer input,
      Pointer weights,
      Pointer gradient,
      Pointer inputGradient,
      Pointer weightGradient) {
    toWeights.run(input, gradient, weightGradient);
    toInput.run(inputGradient, oneGradient ? null : gradient, weights);
  }

  /** One primitive, with copies of its operands where it wants them in another layout. */
  private final class Pass {
    private final primitive what;
    private final IntMemoryMap arguments = new IntMemoryMap();
    private final memory scratchpad;
    private final memory[] given = new memory[3];
    private final memory[] wanted = new memory[3];
    private final reorder[] copy = new reorder[3];
    private int written;

    Pass(primitive_desc described) {
      what = new primitive(described);
      scratchpad = new memory(described.scratchpad_desc(), room.device, null);
      arguments.put(DNNL_ARG_SCRATCHPAD, scratchpad);
    }

    Pass reads(int kind, int argument, memory.desc layout) {
      given[kind] = new memory(plain[kind], room.device, null);
      wanted[kind] = given[kind];
      if (layout.notEquals(plain[kind])) {
        wanted[kind] = new memory(layout, room.device, null);
        copy[kind] = new reorder(given[kind], wanted[kind]);
      }
      arguments.put(argument, wanted[kind]);
      return this;
    }

    Pass writes(int kind, int argument, memory.desc layout) {
      reads(kind, argument, layout);
      written = kind;
      copy[kind] = copy[kind] == null ? null : new reorder(wanted[kind], given[kind]);
      return this;
    }

    /**
     * @param operands in the order of their kinds; null for what the last pass left copied
     */
    void run(Pointer... operands) {
      for (int kind = 0; kind < operands.length; kind++) {
        if (copy[kind] != null) {
          wanted[kind].set_data_handle(room.bytes(kind, wanted[kind].get_desc().get_size()));
        }
        if (operands[kind] != null) {
          given[kind].set_data_handle(operands[kind]);
          if (copy[kind] != null && kind != written) {
            copy[kind].execute(room.queue, given[kind], wanted[kind]);
          }
        }
      }
      scratchpad.set_data_handle(room.bytes(SCRATCHPAD, scratchpad.get_desc().get_size()));
      what.execute(room.queue, arguments);
      if (copy[written] != null) {
        copy[written].execute(room.queue, wanted[written], given[written]);
      }
    }
  }
}
