package org.bitquake.onnx;

import java.util.ArrayList;
import java.util.List;
import org.bitquake.network.Affine;
import org.bitquake.onnx.Value.Codes;
import org.bitquake.onnx.Value.Floats;
import org.bitquake.onnx.Value.Form;
import org.bitquake.onnx.Value.Levels;
import org.bitquake.onnx.Value.Source.Added;
import org.bitquake.onnx.Value.Sums;
import org.bitquake.onnx.Value.Tensor;

/**
 * Operators that read and write integers, steps and zero points beside them: QLinearConv and its
 * kin, of ONNX and of the domain com.microsoft.
 */
final class OperatorNodes {
  private final LayerList layers;
  private final QuantizerNodes quantizers;
  private final WeightNodes weightNodes;
  private final TensorNodes tensorNodes;
  private final PoolNodes poolNodes;

  OperatorNodes(
      LayerList layers,
      QuantizerNodes quantizers,
      WeightNodes weightNodes,
      TensorNodes tensorNodes,
      PoolNodes poolNodes) {
    this.layers = layers;
    this.quantizers = quantizers;
    this.weightNodes = weightNodes;
    this.tensorNodes = tensorNodes;
    this.poolNodes = poolNodes;
  }

  Value apply(Node node) {
    return switch (node.op()) {
      case "QLinearConv" -> convolution(node);
      case "QLinearMatMul" -> matrixProduct(node);
      case "QGemm" -> gemm(node);
      case "QLinearAdd" -> add(node);
      case "QLinearConcat" -> concat(node);
      case "QLinearAveragePool" -> average(node);
      case "QLinearGlobalAveragePool" -> globalAverage(node);
      default ->
          throw Require.no(
              "it is not supported; QLinearConv, QLinearMatMul, QGemm, QLinearAdd, QLinearConcat,"
                  + " QLinearAveragePool and QLinearGlobalAveragePool are");
    };
  }

  /** Integers of a constant, with steps and zero points in the next two inputs. */
  private static Weights weights(Node node, int index, int axis) {
    Constant integers = node.constant(index, "weights");
    float[] step = ConstantNodes.steps(node, index + 1);
    int[] zeros = {0};
    if (node.has(index + 2)) {
      zeros = node.constant(index + 2, "zero point of the weights").integers("its zero point");
    }
    int size = axis < integers.dims().length ? integers.dims()[axis] : 0;
    Require.that(
        (step.length == 1 || step.length == size) && (zeros.length == 1 || zeros.length == size),
        "its weights have %d steps and %d zero points for %d output channels",
        step.length,
        zeros.length,
        size);
    return ConstantNodes.weights(integers, step, zeros, axis);
  }

  private Value convolution(Node node) {
    Codes in = quantizers.dequantized(node, 0);
    Require.that(in.form() == Form.MAP, "its input is flat; it needs [N, C, H, W]");
    Sums sums = weightNodes.convolution(node, in, weights(node, 3, 0));
    return written(node, biased(node, 8, sums), 6);
  }

  private Value matrixProduct(Node node) {
    node.allow();
    Weights weights = weights(node, 3, 1).transposed();
    return written(node, weightNodes.dense(node, quantizers.dequantized(node, 0), weights), 6);
  }

  private Value gemm(Node node) {
    node.allow("alpha", "transA", "transB").must("transA", 0);
    Require.that(node.real("alpha", 1) == 1, "alpha must be 1");
    boolean turned = node.integer("transB", 0) != 0;
    Weights weights = turned ? weights(node, 3, 0) : weights(node, 3, 1).transposed();
    Sums sums = weightNodes.dense(node, quantizers.dequantized(node, 0), weights);
    Sums all = biased(node, 6, sums);
    return node.has(7) ? written(node, all, 7) : all;
  }

  /** Adds a bias of accumulator units. */
  private static Sums biased(Node node, int index, Sums sums) {
    if (!node.has(index)) {
      return sums;
    }
    int[] bias = node.constant(index, "bias").integers("its bias");
    Affine affine = sums.affine();
    Require.that(
        bias.length == affine.channels(),
        "its bias has %d values for %d channels",
        bias.length,
        affine.channels());
    double[] shift = new double[bias.length];
    for (int c = 0; c < shift.length; c++) {
      shift[c] = bias[c] * affine.unit()[c];
    }
    return sums.with(new Affine(affine.unit(), shift, affine.gain(), affine.offset()));
  }

  private Value add(Node node) {
    node.allow();
    Codes a = quantizers.dequantized(node, 0);
    Codes b = quantizers.dequantized(node, 3);
    TensorNodes.requireAlike(a, b);
    var added = new Added(layers.name(node), a, b, false);
    return written(node, new Floats(added, a.shape(), a.form()), 6);
  }

  private Value concat(Node node) {
    node.allow("axis");
    Require.that(node.inputs().size() >= 5, "it joins nothing");
    List<Codes> parts = new ArrayList<>();
    for (int i = 2; i < node.inputs().size(); i += 3) {
      parts.add(quantizers.dequantized(node, i));
    }
    Floats joined = tensorNodes.joined(node, parts, node.integer("axis", 1));
    return written(node, joined, 0);
  }

  private Value average(Node node) {
    node.allow(
        "auto_pad",
        "ceil_mode",
        "channels_last",
        "count_include_pad",
        "kernel_shape",
        "pads",
        "strides");
    node.must("channels_last", 0);
    Codes in = quantizers.dequantized(node, 0);
    return written(node, poolNodes.averaged(node, in, Windows.pooling(node, in.shape())), 3);
  }

  private Value globalAverage(Node node) {
    node.allow("channels_last").must("channels_last", 0);
    Codes in = quantizers.dequantized(node, 0);
    return written(node, poolNodes.averaged(node, in, PoolNodes.whole(in)), 3);
  }

  /** What it writes, with step and zero point in the inputs from this one on. */
  private static Levels written(Node node, Tensor floats, int index) {
    return new Levels(floats, QuantizerNodes.quantizer(node, index), node);
  }
}
