package org.bitquake.train;

import java.util.Optional;
import org.bitquake.quant.ActivationQuantizer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What follows the sums of a layer, as a DL4J activation function: batch normalisation, or the
 * clipped, rounded ReLU, or the first and then the second. The backward pass adds the L1 penalty of
 * activation-sparse training.
 */
final class LayerFunction extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  /** What all functions of a model share. */
  static final class Shared {
    /** The weight of Σ|a| against the loss of one image. */
    float lambda;

    BatchNorm.Mode mode = BatchNorm.Mode.TRAIN;
    private float[] values = new float[0];
    private float[] normalized = new float[0];
    private float[] gradients = new float[0];

    private float[] values(int length) {
      values = NativeFloats.atLeast(values, length);
      return values;
    }

    private float[] normalized(int length) {
      normalized = NativeFloats.atLeast(normalized, length);
      return normalized;
    }

    private float[] gradients(int length) {
      gradients = NativeFloats.atLeast(gradients, length);
      return gradients;
    }
  }

  private final transient Optional<BatchNorm> norm;
  private final transient Optional<ActivationQuantizer> relu;
  private final transient Shared shared;

  LayerFunction(Optional<BatchNorm> norm, Optional<ActivationQuantizer> relu, Shared shared) {
    this.norm = norm;
    this.relu = relu;
    this.shared = shared;
  }

  @Override
  public INDArray getActivation(INDArray out, boolean training) {
    INDArray in = imageByImage(out);
    norm.ifPresent(n -> gather(n, in, mode(training)));
    relu.filter(r -> r.adapts(training)).ifPresent(r -> adapt(r, in));
    int part = part(in);
    float[] values = shared.values(part);
    for (int from = 0; from < in.length(); from += part) {
      NativeFloats.read(in, from, values, part);
      norm.ifPresent(n -> n.normalize(values));
      relu.ifPresent(r -> r.quantize(values, part));
      NativeFloats.write(values, in, from, part);
    }
    return copied(in, out);
  }

  /** The sums, or a copy where they are normalised and do not lie image by image. */
  private INDArray imageByImage(INDArray in) {
    return norm.isEmpty() || NativeFloats.imageByImage(in) ? in : in.dup('c');
  }

  private static INDArray copied(INDArray from, INDArray to) {
    return from == to ? to : to.assign(from);
  }

  private void gather(BatchNorm n, INDArray in, BatchNorm.Mode mode) {
    n.begin(NativeFloats.area(in));
    int part = part(in);
    float[] values = shared.values(part);
    for (int from = 0; from < in.length() && mode != BatchNorm.Mode.INFER; from += part) {
      NativeFloats.read(in, from, values, part);
      n.gather(values);
    }
    n.settle(mode);
  }

  private void adapt(ActivationQuantizer r, INDArray in) {
    var all = new float[Math.toIntExact(in.length())];
    int part = part(in);
    float[] values = shared.values(part);
    for (int from = 0; from < all.length; from += part) {
      NativeFloats.read(in, from, values, part);
      norm.ifPresent(n -> n.normalize(values));
      System.arraycopy(values, 0, all, from, part);
    }
    r.adapt(all, all.length);
  }

  /** The pre-activations are there as they were before {@link #getActivation}. */
  @Override
  public Pair<INDArray, INDArray> backprop(INDArray sums, INDArray epsilon) {
    assertShape(sums, epsilon);
    INDArray in = imageByImage(sums);
    var aligned = NativeFloats.sameLayout(in, epsilon) ? epsilon : epsilon.dup(in.ordering());
    int part = part(in);
    float[] x = shared.values(part);
    float[] y = shared.normalized(part);
    float[] gradients = shared.gradients(part);
    for (int from = 0; from < in.length(); from += part) {
      NativeFloats.read(in, from, x, part);
      NativeFloats.read(aligned, from, gradients, part);
      System.arraycopy(x, 0, y, 0, part);
      norm.ifPresent(n -> n.normalize(y));
      int images = Math.toIntExact(in.size(0) * part / in.length());
      relu.ifPresent(r -> r.backward(y, gradients, part, shared.lambda, images));
      norm.ifPresent(n -> n.gatherGradient(x, gradients));
      NativeFloats.write(gradients, norm.isPresent() ? aligned : in, from, part);
    }
    norm.ifPresent(n -> backprop(n, in, aligned));
    return Pair.of(copied(in, sums), null);
  }

  private void backprop(BatchNorm n, INDArray in, INDArray epsilon) {
    n.settleGradient();
    int part = part(in);
    float[] x = shared.values(part);
    float[] gradients = shared.gradients(part);
    for (int from = 0; from < in.length(); from += part) {
      NativeFloats.read(in, from, x, part);
      NativeFloats.read(epsilon, from, gradients, part);
      n.backward(x, gradients);
      NativeFloats.write(gradients, in, from, part);
    }
  }

  /** What is worked on at once: an image, which the second cache holds, or all without a norm. */
  private int part(INDArray in) {
    return Math.toIntExact(norm.isPresent() ? in.length() / in.size(0) : in.length());
  }

  private BatchNorm.Mode mode(boolean training) {
    boolean ofBatch = shared.mode == BatchNorm.Mode.TRAIN || shared.mode == BatchNorm.Mode.REPEAT;
    return training || !ofBatch ? shared.mode : BatchNorm.Mode.INFER;
  }
}
