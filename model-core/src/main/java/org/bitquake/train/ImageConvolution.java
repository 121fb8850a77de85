package org.bitquake.train;

import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.Conv2D;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A convolution of stride 1 that reads images. DL4J's own also computes the gradient at the images,
 * which nobody reads: with oneDNN, whose blocks have 16 channels, that was half the time of an
 * update of LeNet-5.
 */
final class ImageConvolution extends OwnConvolution {
  private static final long serialVersionUID = 1L;

  ImageConvolution(ConvolutionLayer.Builder builder) {
    super(builder);
    for (int stride : getStride()) {
      if (stride != 1) {
        throw new IllegalArgumentException("a stride of " + stride);
      }
    }
  }

  @Override
  org.deeplearning4j.nn.layers.convolution.ConvolutionLayer layer(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  private static final class Implementation
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {
    private static final long serialVersionUID = 1L;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
      if (helper instanceof MKLDNNConvHelper) {
        helper = new Helper(type);
      }
    }
  }

  /** The gradient of the weights is the images' correlation with the gradient of the sums. */
  private static final class Helper extends MKLDNNConvHelper {
    Helper(DataType type) {
      super(type);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
        INDArray images,
        INDArray weights,
        INDArray bias,
        INDArray delta,
        int[] kernel,
        int[] strides,
        int[] pad,
        INDArray biasGradient,
        INDArray weightGradient,
        IActivation function,
        ConvolutionLayer.AlgoMode mode,
        ConvolutionLayer.BwdFilterAlgo filterAlgorithm,
        ConvolutionLayer.BwdDataAlgo dataAlgorithm,
        ConvolutionMode convolutionMode,
        int[] dilation,
        CNN2DFormat format,
        LayerWorkspaceMgr workspaces) {
      int height = Math.toIntExact(delta.size(2));
      int width = Math.toIntExact(delta.size(3));
      var byChannel = Nd4j.createUninitialized(images.size(1), delta.size(1), kernel[0], kernel[1]);
      var op = new Conv2D();
      op.addInputArgument(images.permute(1, 0, 2, 3), delta.permute(1, 0, 2, 3));
      op.addOutputArgument(byChannel);
      op.addIArgument(height, width, dilation[0], dilation[1], pad[0], pad[1], 1, 1, 0, 0, 1);
      Nd4j.exec(op);
      weightGradient.assign(byChannel.permute(1, 0, 2, 3));
      var gradient = new DefaultGradient();
      gradient.setGradientFor(ConvolutionParamInitializer.WEIGHT_KEY, weightGradient, 'c');
      if (biasGradient != null) {
        delta.sum(biasGradient, 0, 2, 3);
        gradient.setGradientFor(ConvolutionParamInitializer.BIAS_KEY, biasGradient);
      }
      return Pair.of(gradient, null);
    }
  }
}
