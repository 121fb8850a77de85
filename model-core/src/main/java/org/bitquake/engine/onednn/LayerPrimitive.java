package org.bitquake.engine.onednn;

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
 * How a layer with weights is said to oneDNN: unsigned codes times signed codes, summed in int32;
 * then, in float32 and inside the primitive, plus the bias, times the channel's scale, plus ratio
 * times what is in the output already, clipped, rounded half to even. That is the contract of
 * {@link Convolution}, operation by operation.
 *
 * @param in the tensor read
 */
record LayerPrimitive(Convolution layer, Codes in) {
  private static final int PER_CHANNEL = 1 << 1;

  /** Whether it is a matrix product over the images of a block; those cannot add a residual. */
  private boolean isProduct() {
    return layer.isDense() && layer.residual().isEmpty();
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

  /** Codes {@code [n, H, W, C]}, or logits {@code [n, C]}. */
  memory.desc destination(int n) {
    var out = layer.outputShape();
    data_type type = layer.activation().isPresent() ? data_type.u8 : data_type.f32;
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
    var g = layer.geometry();
    long[] strides = {g.stride(), g.stride()};
    long[] padding = {g.padding(), g.padding()};
    var what =
        new convolution_forward.desc(
            forward_inference,
            convolution_direct,
            source(n),
            weights,
            bias(),
            destination(n),
            strides,
            padding,
            padding);
    var described = new convolution_forward.primitive_desc(what, attributes(), session.device());
    while (hasWindowsOfPadding() && described.impl_info_str().getString().startsWith("br")) {
      if (!described.next_impl()) {
        throw new IllegalStateException("oneDNN has no other kernel for layer " + layer.name());
      }
    }
    return described;
  }

  /** Such windows make oneDNN 2.5.2's kernels of the brgemm family jump to address 0. */
  private boolean hasWindowsOfPadding() {
    var g = layer.geometry();
    return g.padding() >= Math.min(g.kernelHeight(), g.kernelWidth());
  }

  private primitive_attr attributes() {
    var after = new post_ops();
    layer.residual().ifPresent(r -> after.append_sum(r.ratio(), data_type.u8));
    layer.activation().ifPresent(a -> after.append_eltwise(1, eltwise_clip, 0, a.maxCode()));
    var attributes = new primitive_attr();
    attributes.set_output_scales(PER_CHANNEL, layer.scale());
    attributes.set_post_ops(after);
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    return attributes;
  }
}
