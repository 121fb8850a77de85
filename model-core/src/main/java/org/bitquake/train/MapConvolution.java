package org.bitquake.train;

import java.util.Collection;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution that reads maps, trained by {@link ConvolutionPasses}. DL4J's own copies each map
 * five times more in a step and knows Winograd's algorithm backwards only. Inference is DL4J's,
 * where sums are nearer to the integer network's.
 */
final class MapConvolution extends ConvolutionLayer {
  private static final long serialVersionUID = 1L;

  private final transient ConvolutionPasses.Room room;

  MapConvolution(ConvolutionLayer.Builder builder, ConvolutionPasses.Room room) {
    super(builder);
    this.room = room;
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    var layer = new Implementation(conf, type, room);
    return ImageConvolution.prepared(layer, this, listeners, index, parameters, initialize);
  }

  private static final class Implementation
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    Implementation(NeuralNetConfiguration conf, DataType type, ConvolutionPasses.Room room) {
      super(conf, type);
      if (helper instanceof MKLDNNConvHelper) {
        helper = new Helper(type, room);
      }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      if (helper instanceof Helper h) {
        h.training = training;
      }
      return super.activate(training, workspaces);
    }
  }

  private static final class Helper extends MKLDNNConvHelper {
    private final ConvolutionPasses.Room room;
    private boolean training;
    private ConvolutionPasses passes;
    private long batch;

    Helper(DataType type, ConvolutionPasses.Room room) {
      super(type);
      this.room = room;
    }

    @Override
    public INDArray preOutput(
        INDArray input,
        INDArray weights,
        INDArray bias,
        int[] kernel,
        int[] strides,
        int[] pad,
        AlgoMode mode,
        FwdAlgo algorithm,
        ConvolutionMode convolutionMode,
        int[] dilation,
        CNN2DFormat format,
        LayerWorkspaceMgr workspaces) {
      if (!training) {
        return super.preOutput(
            input,
            weights,
            bias,
            kernel,
            strides,
            pad,
            mode,
            algorithm,
            convolutionMode,
            dilation,
            format,
            workspaces);
      }
      long[] shape = {
        input.size(0),
        weights.size(0),
        (input.size(2) + 2L * pad[0] - kernel[0]) / strides[0] + 1,
        (input.size(3) + 2L * pad[1] - kernel[1]) / strides[1] + 1
      };
      if (passes == null || batch != input.size(0)) {
        batch = input.size(0);
        passes = new ConvolutionPasses(room, input.shape(), shape, weights.shape(), strides, pad);
      }
      var out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), shape, 'c');
      passes.forward(map(input), NativeFloats.pointer(weights), map(out));
      return out;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray input,
        INDArray weights,
        INDArray bias,
        INDArray delta,
        int[] kernel,
        int[] strides,
        int[] pad,
        INDArray biasGradient,
        INDArray weightGradient,
        IActivation function,
        AlgoMode mode,
        BwdFilterAlgo filterAlgorithm,
        BwdDataAlgo dataAlgorithm,
        ConvolutionMode convolutionMode,
        int[] dilation,
        CNN2DFormat format,
        LayerWorkspaceMgr workspaces) {
      var inputGradient =
          workspaces.createUninitialized(
              ArrayType.ACTIVATION_GRAD, input.dataType(), input.shape(), 'c');
      passes.backward(
          map(input),
          NativeFloats.pointer(weights),
          map(delta),
          map(inputGradient),
          NativeFloats.pointer(weightGradient));
      var gradient = new DefaultGradient();
      gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
      return Pair.of(gradient, inputGradient);
    }

    private static Pointer map(INDArray array) {
      NativeFloats.area(array);
      return NativeFloats.pointer(array);
    }
  }
}
