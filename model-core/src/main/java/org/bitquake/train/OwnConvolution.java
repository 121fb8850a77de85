package org.bitquake.train;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A convolution that DL4J treats as its own and that computes by itself. */
abstract class OwnConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  OwnConvolution(ConvolutionLayer.Builder builder) {
    super(builder);
  }

  /** The layer that computes. */
  abstract org.deeplearning4j.nn.layers.convolution.ConvolutionLayer layer(
      NeuralNetConfiguration conf, DataType type);

  /** The layer with all that DL4J expects of one that has just been made. */
  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    var layer = layer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialize));
    return layer;
  }

  /** A layer without bias that computes its gradients by itself. */
  abstract static class Gradients
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    Gradients(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    /** Writes the gradients at the input and at the weights, given that at the sums. */
    abstract void backward(INDArray delta, INDArray inputGradient, INDArray weightGradient);

    final INDArray weights() {
      return getParam(ConvolutionParamInitializer.WEIGHT_KEY);
    }

    @Override
    public final Pair<Gradient, INDArray> backpropGradient(
        INDArray epsilon, LayerWorkspaceMgr workspaces) {
      var delta = layerConf().getActivationFn().backprop(preOutput, epsilon).getFirst();
      var inputGradient =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
      var weightGradient = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
      backward(delta, inputGradient, weightGradient);
      var gradients = new DefaultGradient();
      gradients.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
      return Pair.of(gradients, inputGradient);
    }
  }
}
