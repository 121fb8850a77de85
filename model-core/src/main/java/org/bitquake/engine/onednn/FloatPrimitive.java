package org.bitquake.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.algorithm.convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.prop_kind.forward_inference;
import static org.bytedeco.dnnl.memory.format_tag.any;
import static org.bytedeco.dnnl.memory.format_tag.goihw;
import static org.bytedeco.dnnl.memory.format_tag.nc;
import static org.bytedeco.dnnl.memory.format_tag.nhwc;
import static org.bytedeco.dnnl.memory.format_tag.oihw;

import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;

/** How the sums of a layer with weights are said to oneDNN: products of floats, nothing else. */
record FloatPrimitive(Convolution layer) {
  /** Whether it is a matrix product over the images of a block. */
  private boolean isProduct() {
    return layer.isDense();
  }

  memory.desc plainWeights() {
    return weights(layer.geometry().groups() > 1 ? goihw : oihw);
  }

  memory.desc anyWeights() {
    return weights(any);
  }

  private memory.desc weights(memory.format_tag layout) {
    var g = layer.geometry();
    long out = g.outChannels() / g.groups();
    long in = layer.inputShape().channels() / g.groups();
    long[] dims =
        g.groups() > 1
            ? new long[] {g.groups(), out, in, g.kernelHeight(), g.kernelWidth()}
            : new long[] {out, in, g.kernelHeight(), g.kernelWidth()};
    return new memory.desc(dims, data_type.f32, layout);
  }

  private static memory.desc tensor(int n, Shape shape) {
    return new memory.desc(dims(n, shape), data_type.f32, nhwc);
  }

  /** Logical dimensions {@code [n, C, H, W]}. */
  static long[] dims(int n, Shape shape) {
    return new long[] {n, shape.channels(), shape.height(), shape.width()};
  }

  memory.desc source(int n) {
    return tensor(n, layer.inputShape());
  }

  memory.desc destination(int n) {
    return isProduct()
        ? new memory.desc(new long[] {n, layer.geometry().outChannels()}, data_type.f32, nc)
        : tensor(n, layer.outputShape());
  }

  /** The primitive for a block of n images, with these weights. */
  primitive_desc forBlock(int n, memory.desc weights, Session session) {
    var attributes = new primitive_attr();
    attributes.set_scratchpad_mode(dnnl.scratchpad_mode.user);
    if (isProduct()) {
      var what =
          new inner_product_forward.desc(forward_inference, source(n), weights, destination(n));
      return new inner_product_forward.primitive_desc(what, attributes, session.device());
    }
    var w = layer.geometry().window();
    var what =
        new convolution_forward.desc(
            forward_inference,
            convolution_direct,
            source(n),
            weights,
            destination(n),
            new long[] {w.strideY(), w.strideX()},
            new long[] {w.dilationY() - 1, w.dilationX() - 1},
            new long[] {w.top(), w.left()},
            new long[] {w.bottom(), w.right()});
    return LayerPrimitive.withSoundKernel(
        layer, new convolution_forward.primitive_desc(what, attributes, session.device()));
  }
}
