package org.bitquake.train;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A depthwise convolution without bias: every channel has a filter of its own. Its weights are
 * {@code [C, 1, k, k]}, as those of the integer network are; DL4J's own layer has {@code [k, k, C,
 * 1]}, and ND4J's operation takes far longer.
 */
final class DepthwiseConvolution extends OwnConvolution {
  private static final long serialVersionUID = 1L;

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
  org.deeplearning4j.nn.layers.convolution.ConvolutionLayer layer(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  private static final class Implementation extends Gradients {
    private static final long serialVersionUID = 1L;

    private transient DepthwiseSums kernel;
    private float[] image = {};
    private float[] sums = {};
    private float[] imageGradient = {};

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    @SuppressWarnings("try") // javac: the cache is never referenced
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      prepare();
      long[] shape = {input.size(0), layerConf().getNOut(), kernel.outHeight(), kernel.outWidth()};
      var out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), shape, 'c');
      float[] taps = taps();
      for (int b = 0; b < input.size(0); b++) {
        NativeFloats.read(input, b, image);
        kernel.forward(image, taps, sums);
        NativeFloats.write(sums, out, b);
      }
      if (training) {
        try (var cache = workspaces.notifyScopeBorrowed(ArrayType.FF_CACHE)) {
          preOutput = out.unsafeDuplication();
        }
      }
      return layerConf().getActivationFn().getActivation(out, training);
    }

    @Override
    void backward(INDArray delta, INDArray inputGradient, INDArray weightGradient) {
      float[] taps = taps();
      kernel.startGradient();
      for (int b = 0; b < input.size(0); b++) {
        NativeFloats.read(input, b, image);
        NativeFloats.read(delta, b, sums);
        kernel.backward(image, taps, sums, imageGradient);
        NativeFloats.write(imageGradient, inputGradient, b);
      }
      kernel.weightGradient(taps);
      NativeFloats.write(taps, weightGradient);
    }

    private void prepare() {
      if (kernel == null) {
        var c = layerConf();
        kernel =
            new DepthwiseSums(
                Math.toIntExact(c.getNOut()),
                Math.toIntExact(input.size(2)),
                Math.toIntExact(input.size(3)),
                c.getKernelSize()[0],
                c.getStride()[0],
                c.getPadding()[0]);
        image = new float[Math.toIntExact(input.length() / input.size(0))];
        imageGradient = new float[image.length];
        sums = new float[(int) c.getNOut() * kernel.outHeight() * kernel.outWidth()];
      }
    }

    private float[] taps() {
      var taps = new float[Math.toIntExact(weights().length())];
      NativeFloats.read(weights(), taps);
      return taps;
    }
  }
}
