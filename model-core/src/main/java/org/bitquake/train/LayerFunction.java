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
    private float[] gradients = new float[0];

    private float[] values(int length) {
      values = NativeFloats.atLeast(values, length);
      return values;
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
  public INDArray getActivation(INDArray in, boolean training) {
    int length = Math.toIntExact(in.length());
    float[] values = shared.values(length);
    NativeFloats.read(in, values);
    norm.ifPresent(n -> n.forward(values, batch(in), NativeFloats.area(in), mode(training)));
    relu.ifPresent(r -> r.forward(values, length, training));
    NativeFloats.write(values, in);
    return in;
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    int length = Math.toIntExact(in.length());
    float[] values = shared.values(length);
    float[] gradients = shared.gradients(length);
    var aligned = NativeFloats.sameLayout(in, epsilon) ? epsilon : epsilon.dup(in.ordering());
    NativeFloats.read(aligned, gradients);
    if (relu.isPresent()) {
      if (norm.isPresent()) {
        norm.get().output(values, batch(in), NativeFloats.area(in));
      } else {
        NativeFloats.read(in, values);
      }
      relu.get().backward(values, gradients, length, shared.lambda, batch(in));
    }
    norm.ifPresent(n -> n.backward(gradients, batch(in), NativeFloats.area(in)));
    NativeFloats.write(gradients, in);
    return Pair.of(in, null);
  }

  private BatchNorm.Mode mode(boolean training) {
    boolean ofBatch = shared.mode == BatchNorm.Mode.TRAIN || shared.mode == BatchNorm.Mode.REPEAT;
    return training || !ofBatch ? shared.mode : BatchNorm.Mode.INFER;
  }

  private static int batch(INDArray array) {
    return Math.toIntExact(array.size(0));
  }
}
