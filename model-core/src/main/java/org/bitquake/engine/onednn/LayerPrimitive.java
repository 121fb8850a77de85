package org.bitquake.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.algorithm.convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.algorithm.eltwise_clip;
import static org.bytedeco.dnnl.global.dnnl.prop_kind.forward_inference;
import static org.bytedeco.dnnl.memory.format_tag.any;
import static org.bytedeco.dnnl.memory.format_tag.goihw;
import static org.bytedeco.dnnl.memory.format_tag.nc;
import static org.bytedeco.dnnl.memory.format_tag.nhwc;
import static org.bytedeco.dnnl.memory.format_tag.oihw;

import org.bitquake.network.Convolution;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;

/**
 * How a layer with weights is said to oneDNN: unsigned codes, less their zero, times signed
 * integers, summed in int32; then, in float32 and inside the primitive, plus the bias, times the
 * channel's scale; and, where codes are written, plus ratio times what is in the output already,
 * clipped, rounded half to even. That is the contract of {@link Convolution}, operation by
 * operation.
 *
 * @param in the tensor read
 * @param zero its code of 0
 * @param codes whether codes are written, whose 0 is 0; or floats, before residual and rounding
 */
record LayerPrimitive(Convolution layer, Codes in, int zero, boolean codes) {
  private static final int PER_CHANNEL = 1 << 1;

  /** Of a layer that reads codes whose 0 is 0, and writes such codes, or logits. */
  LayerPrimitive(Convolution layer, Codes in) {
    this(layer, in, 0, layer.activation().isPresent());
  }

  /** Whether it is a matrix product over the images of a block; those add and subtract nothing. */
  private boolean isProduct() {
    return layer.isDense() && layer.residual().isEmpty() && zero == 0;
  }

  /** The weights as they come, row-major. */
  memory.desc plainWeights() {
    return weights(grouped() ? goihw : oihw);
  }

  /** The weights in whatever layout is best. */
  memory.desc anyWeights() {
    return weights(any);
  }

  private memory.desc weights(memory.format_tag layout) {
    var g = layer.geometry();
    long out = g.outChannels() / g.groups();
    long ins = in.byteChannels() / g.groups();
    long[] dims =
        grouped()
            ? new long[] {g.groups(), out, ins, g.kernelHeight(), g.kernelWidth()}
            : new long[] {out, ins, g.kernelHeight(), g.kernelWidth()};
    return new memory.desc(dims, data_type.s8, layout);
  }

  private boolean grouped() {
    return layer.geometry().groups() > 1;
  }

  memory.desc bias() {
    long[] dims = {layer.geometry().outChannels()};
    return new memory.desc(dims, data_type.f32, memory.format_tag.x);
  }

  /** Bytes {@code [n, H, W, C]}. */
  memory.desc source(int n) {
    return new memory.desc(in.dims(n), data_type.u8, nhwc);
  }

  /** Codes or floats {@code [n, H, W, C]}, of a matrix product {@code [n, C]}. */
  memory.desc destination(int n) {
    var out = layer.outputShape();
    data_type type = codes ? data_type.u8 : data_type.f32;
    return isProduct()
        ? new memory.desc(new long[] {n, out.channels()}, type, nc)
        : new memory.desc(new long[] {n, out.channels(), out.height(), out.width()}, type, nhwc);
  }

  /** The primitive for a block of n images, with these weights. */
  primitive_desc forBlock(int n, memory.desc weights, Session session) {
    if (isProduct()) {
      var what =
          new inner_product_forward.desc(
              forward_inference, source(n), weights, bias(), destination(n));
      return new inner_product_forward.primitive_desc(what, attributes(), session.device());
    }
    var w = layer.geometry().window();
    var what =
        new convolution_forward.desc(
            forward_inference,
            convolution_direct,
            source(n),
            weights,
            bias(),
            destination(n),
            new long[] {w.strideY(), w.strideX()},
            new long[] {w.dilationY() - 1, w.dilationX() - 1},
            new long[] {w.top(), w.left()},
            new long[] {w.bottom(), w.right()});
    return withSoundKernel(
        layer, new convolution_forward.primitive_desc(what, attributes(), session.device()));
  }

  /**
   * Windows that lie in the padding make oneDNN 2.5.2's kernels of the brgemm family jump to
   * address 0: such layers take the next.
   */
  static primitive_desc withSoundKernel(Convolution layer, primitive_desc described) {
    var w = layer.geometry().window();
    boolean windowsOfPadding =
        Math.max(w.top(), w.bottom()) >= w.reachY() || Math.max(w.left(), w.right()) >= w.reachX();
    while (windowsOfPadding && described.impl_info_str().getString().startsWith("br")) {
      if (!described.next_impl()) {
        throw new IllegalStateException("oneDNN has no other kernel for layer " + layer.name());
      }
    }
    return described;
  }

  private primitive_attr attributes() {
    var after = new post_ops();
    if (codes) {
      layer.residual().ifPresent(r -> after.append_sum(r.ratio(), data_type.u8));
      layer.activation().ifPresent(a -> after.append_eltwise(1, eltwise_clip, 0, a.maxCode()));
    }
    var attributes = new primitive_attr();
    attributes.set_output_scales(PER_CHANNEL, layer.scale());
    attributes.set_post_ops(after);
    if (zero != 0) {
      attributes.set_zero_points(DNNL_ARG_SRC, 0, new int[] {zero});
    }
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    return attributes;
  }
}
