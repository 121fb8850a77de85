package org.bitquake.train;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
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
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A depthwise convolution without bias: every channel has a filter of its own. Its weights are
 * {@code [C, 1, kH, kW]}, as those of the integer network are; DL4J's own layer has {@code [kH, kW,
 * C, 1]}. What follows must be able to go backwards without the sums, as {@link BatchNorm} is.
 */
final class DepthwiseConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  /** Of the weights, as ND4J counts them: {@code [1, C, kH, kW]}. */
  private static final int WEIGHT_FORMAT = 1;

  /**
   * @param builder with {@code nOut} channels
   */
  DepthwiseConvolution(ConvolutionLayer.Builder builder) {
    super(builder);
    nIn = 1;
  }

  /** Keeps the one channel that each filter reads. */
  @Override
  public void setNIn(InputType type, boolean override) {}

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    return ImageConvolution.prepared(
        new Implementation(conf, type), this, listeners, index, parameters, initialize);
  }

  private static final class Implementation
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      var sums = sums(workspaces, ArrayType.ACTIVATIONS);
      run("depthwise_conv2d", new INDArray[] {input, filters()}, sums);
      return layerConf().getActivationFn().getActivation(sums, training);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray epsilon, LayerWorkspaceMgr workspaces) {
      var delta =
          layerConf()
              .getActivationFn()
              .backprop(sums(workspaces, ArrayType.BP_WORKING_MEM), epsilon)
              .getFirst();
      var weightGradient = gradientViews.get(ConvolutionParamInitializer.WEIGHT_KEY);
      var inputGradient =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
      run(
          "depthwise_conv2d_bp",
          new INDArray[] {input, filters(), delta},
          inputGradient,
          ofOneFilterSet(weightGradient));
      var gradient = new DefaultGradient();
      gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
      return Pair.of(gradient, inputGradient);
    }

    /** Room for the layer's sums. */
    private INDArray sums(LayerWorkspaceMgr workspaces, ArrayType type) {
      var c = layerConf();
      long[] shape = {
        input.size(0), c.getNOut(), side(input.size(2), 0), side(input.size(3), 1),
      };
      return workspaces.createUninitialized(type, input.dataType(), shape, 'c');
    }

    private long side(long of, int dimension) {
      var c = layerConf();
      return (of + 2L * c.getPadding()[dimension] - c.getKernelSize()[dimension])
              / c.getStride()[dimension]
          + 1;
    }

    private INDArray filters() {
      return ofOneFilterSet(getParam(ConvolutionParamInitializer.WEIGHT_KEY));
    }

    private static INDArray ofOneFilterSet(INDArray weights) {
      return weights.reshape('c', 1, weights.size(0), weights.size(2), weights.size(3));
    }

    private void run(String name, INDArray[] inputs, INDArray... outputs) {
      var c = layerConf();
      int[] kernel = c.getKernelSize();
      int[] stride = c.getStride();
      int[] pad = c.getPadding();
      int[] arguments = {
        kernel[0], kernel[1], stride[0], stride[1], pad[0], pad[1], 1, 1, 0, 0, WEIGHT_FORMAT
      };
      Nd4j.exec(
          DynamicCustomOp.builder(name)
              .addInputs(inputs)
              .addOutputs(outputs)
              .addIntegerArguments(arguments)
              .build());
    }
  }
}
