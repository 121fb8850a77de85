package org.bitquake.train;

import org.bitquake.quant.ActivationQuantizer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The clipped, rounded ReLU of a quantised layer as a DL4J activation function. Its backward pass
 * adds the L1 penalty of activation-sparse training.
 */
final class QuantizedRelu extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  private final transient ActivationQuantizer quantizer;
  private transient float[] values = new float[0];
  private transient float[] gradients = new float[0];
  private float lambda;

  QuantizedRelu(ActivationQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  /** The weight of Σ|a| against the loss of one image. */
  void setLambda(float lambda) {
    this.lambda = lambda;
  }

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    int length = Math.toIntExact(in.length());
    values = NativeFloats.atLeast(values, length);
    NativeFloats.read(in, values);
    quantizer.forward(values, length, training);
    NativeFloats.write(values, in);
    return in;
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    assertShape(in, epsilon);
    int length = Math.toIntExact(in.length());
    values = NativeFloats.atLeast(values, length);
    gradients = NativeFloats.atLeast(gradients, length);
    var aligned = NativeFloats.sameLayout(in, epsilon) ? epsilon : epsilon.dup(in.ordering());
    NativeFloats.read(in, values);
    NativeFloats.read(aligned, gradients);
    quantizer.backward(values, gradients, length, lambda, Math.toIntExact(in.size(0)));
    NativeFloats.write(gradients, in);
    return Pair.of(in, null);
  }
}
