package org.bitquake.onnx;

import java.util.List;
import java.util.stream.IntStream;
import onnx.Onnx.ModelProto;
import org.bitquake.data.Shape;
import org.bitquake.network.Activation;
import org.bitquake.network.Affine;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/** Writes each layer of the integer graph as the nodes that {@link GraphImport} folds into it. */
final class GraphExport {
  private final QuantizedNetwork network;
  private final ModelWriter out;

  /** The tensor of each layer's dequantised codes, the real value of a code, and its form. */
  private final String[] tensors;

  private final double[] steps;
  private final boolean[] flat;

  GraphExport(QuantizedNetwork network) {
    this.network = network;
    this.out = new ModelWriter();
    int n = network.layers().size();
    this.tensors = new String[n];
    this.steps = new double[n];
    this.flat = new boolean[n];
  }

  ModelProto model() {
    network
        .beyondTraining()
        .ifPresent(
            what -> {
              throw Require.no("%s, and networks with such are not exported", what);
            });
    Shape in = network.inputShape();
    out.scalar("image.step", network.inputStep());
    out.node("DequantizeLinear", "image", "image.out", "image", "image.step", out.zeroPoint());
    for (int i = 0; i < network.layers().size(); i++) {
      Layer layer = network.layers().get(i);
      if (layer instanceof Convolution c) {
        convolution(i, c);
      } else if (layer instanceof MaxPool pool) {
        maxPool(i, pool);
      } else {
        average(i, (GlobalSum) layer);
      }
    }
    return out.model(network.name(), in, network.classes(), network.provenance());
  }

  private double step(int position) {
    return position == QuantizedNetwork.INPUT ? network.inputStep() : steps[position];
  }

  /** The name of a layer's tensor in the form asked for; reshaped if it is in the other. */
  private String tensor(int position, boolean wantFlat, String reader) {
    boolean isImage = position == QuantizedNetwork.INPUT;
    String name = isImage ? "image.out" : tensors[position];
    boolean isFlat = !isImage && flat[position];
    if (isFlat == wantFlat) {
      return name;
    }
    String reshaped = reader + (wantFlat ? ".flat" : ".map");
    if (wantFlat) {
      out.node("Flatten", reshaped, reshaped, name).addAttribute(out.integer("axis", 1));
    } else {
      Shape s = network.shapeOf(position);
      out.integers(reshaped + ".shape", 0, s.channels(), s.height(), s.width());
      out.node("Reshape", reshaped, reshaped, name, reshaped + ".shape");
    }
    return reshaped;
  }

  private void maxPool(int i, MaxPool pool) {
    String name = pool.name();
    out.node("MaxPool", name, name + ".out", tensor(pool.input(), false, name))
        .addAttribute(out.integers("kernel_shape", List.of(pool.size(), pool.size())))
        .addAttribute(out.integers("strides", List.of(pool.stride(), pool.stride())));
    keep(i, name + ".out", step(pool.input()), false);
  }

  private void average(int i, GlobalSum sum) {
    String name = sum.name();
    out.node("GlobalAveragePool", name, name + ".out", tensor(sum.input(), false, name));
    int area = sum.inputShape().height() * sum.inputShape().width();
    keep(i, name + ".out", step(sum.input()) / area, false);
  }

  private void keep(int i, String tensor, double step, boolean isFlat) {
    tensors[i] = tensor;
    steps[i] = step;
    flat[i] = isFlat;
  }

  private void convolution(int i, Convolution c) {
    try {
      boolean dense = c.isDense() && c.geometry().stride() == 1;
      String sums = sums(c, dense);
      if (c.residual().isPresent()) {
        sums = addition(c, sums, dense);
      }
      if (c.activation().isPresent()) {
        Activation a = c.activation().get();
        keep(i, quantized(c.name(), a, sums), a.step(), dense);
      } else {
        String name = dense ? "Identity" : "Flatten";
        var last = out.node(name, "logits", "logits", sums);
        if (!dense) {
          last.addAttribute(out.integer("axis", 1));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("layer " + c.name() + ": " + e.getMessage(), e);
    }
  }

  /** The layer's sums in real units, with bias and, if it takes one, normalisation. */
  private String sums(Convolution c, boolean dense) {
    String name = c.name();
    Affine known = Affine.ofSums(c.weights().step(), step(c.input()), c.geometry().outChannels());
    double outputStep = c.activation().map(a -> (double) a.step()).orElse(1.0);
    var target = new Affine.Folded(c.bias(), c.scale());
    var found = new Unfolding(known, outputStep, target).find();
    out.floats(name + ".bias", found.bias());
    String in = tensor(c.input(), dense, name);
    String weights = weights(c, dense);
    if (dense) {
      out.node("Gemm", name, name + ".sums", in, weights, name + ".bias")
          .addAttribute(out.integer("transB", 1));
    } else {
      var g = c.geometry();
      out.node("Conv", name, name + ".sums", in, weights, name + ".bias")
          .addAttribute(out.integer("group", g.groups()))
          .addAttribute(out.integers("kernel_shape", List.of(g.kernelHeight(), g.kernelWidth())))
          .addAttribute(
              out.integers("pads", IntStream.range(0, 4).mapToObj(k -> g.padding()).toList()))
          .addAttribute(out.integers("strides", List.of(g.stride(), g.stride())));
    }
    return found.normalization().map(n -> normalized(name, n)).orElse(name + ".sums");
  }

  private String normalized(String name, Unfolding.Normalization n) {
    out.floats(name + ".gamma", n.gamma());
    out.floats(name + ".beta", n.beta());
    out.floats(name + ".mean", n.mean());
    out.floats(name + ".variance", n.variance());
    out.node(
            "BatchNormalization",
            name + ".normalized",
            name + ".normalized",
            name + ".sums",
            name + ".gamma",
            name + ".beta",
            name + ".mean",
            name + ".variance")
        .addAttribute(out.real("epsilon", n.epsilon()));
    return name + ".normalized";
  }

  /** Integer weights, clipped to their bits, times their steps. */
  private String weights(Convolution c, boolean dense) {
    String name = c.name();
    var g = c.geometry();
    int perGroup = c.inputShape().channels() / g.groups();
    byte[] codes = c.weights().codes();
    if (dense) {
      out.bytes(name + ".codes", codes, g.outChannels(), codes.length / g.outChannels());
    } else {
      out.bytes(
          name + ".codes", codes, g.outChannels(), perGroup, g.kernelHeight(), g.kernelWidth());
    }
    String integers = name + ".codes";
    int bits = c.weights().bits();
    if (bits < 8) {
      integers = name + ".clipped_codes";
      int most = (1 << (bits - 1)) - 1;
      out.node("Clip", integers, integers, name + ".codes", out.int8(-most - 1), out.int8(most));
    }
    float[] step = c.weights().step();
    if (c.weights().isMidRise()) {
      return midRise(name, integers, step);
    }
    if (step.length == 1) {
      out.scalar(name + ".weight_step", step[0]);
    } else {
      out.floats(name + ".weight_step", step);
    }
    var node =
        out.node(
            "DequantizeLinear",
            name + ".weights",
            name + ".weights",
            integers,
            name + ".weight_step");
    if (step.length > 1) {
      node.addAttribute(out.integer("axis", 0));
    }
    return name + ".weights";
  }

  /** Codes plus a half, times twice the step: all but the last product is exact. */
  private String midRise(String name, String integers, float[] step) {
    Require.that(step.length == 1, "its mid-rise weights have a step per channel");
    out.scalar(name + ".one", 1);
    out.scalar(name + ".half", 0.5f);
    out.scalar(name + ".weight_step", 2 * step[0]);
    String real = name + ".real_codes";
    out.node("DequantizeLinear", real, real, integers, name + ".one");
    out.node("Add", name + ".raised", name + ".raised", real, name + ".half");
    String weights = name + ".weights";
    out.node("Mul", weights, weights, name + ".raised", name + ".weight_step");
    return weights;
  }

  private String addition(Convolution c, String sums, boolean dense) {
    var residual = c.residual().orElseThrow();
    float outputStep = c.activation().orElseThrow().step();
    float ratio = (float) (step(residual.source()) / outputStep);
    Require.that(
        Float.floatToIntBits(ratio) == Float.floatToIntBits(residual.ratio()),
        "its residual's ratio %s is not that of the steps, %s, and ONNX has no other",
        residual.ratio(),
        ratio);
    String name = c.name() + ".added";
    out.node("Add", name, name, sums, tensor(residual.source(), dense, name));
    return name;
  }

  /** Relu, QuantizeLinear, Clip (below 8 bits), DequantizeLinear. */
  private String quantized(String name, Activation a, String sums) {
    out.scalar(name + ".step", a.step());
    String step = name + ".step";
    out.node("Relu", name + ".rectified", name + ".rectified", sums);
    String levels = name + ".levels";
    out.node("QuantizeLinear", levels, levels, name + ".rectified", step, out.zeroPoint());
    if (a.bits() < 8) {
      out.node(
          "Clip",
          name + ".clipped",
          name + ".clipped",
          levels,
          out.zeroPoint(),
          out.uint8(a.maxCode()));
      levels = name + ".clipped";
    }
    out.node("DequantizeLinear", name + ".out", name + ".out", levels, step, out.zeroPoint());
    return name + ".out";
  }
}
