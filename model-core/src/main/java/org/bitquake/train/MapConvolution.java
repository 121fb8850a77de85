package org.bitquake.train;

import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A convolution that reads maps, trained by {@link ConvolutionPasses}. DL4J's own copies each map
 * five times more in a step and knows Winograd's algorithm backwards only. Inference is DL4J's,
 * where sums are nearer to the integer network's.
 */
final class MapConvolution extends OwnConvolution {
  private static final long serialVersionUID = 1L;

  private final transient ConvolutionPasses.Room room;

  MapConvolution(ConvolutionLayer.Builder builder, ConvolutionPasses.Room room) {
    super(builder);
    this.room = room;
  }

  @Override
  org.deeplearning4j.nn.layers.convolution.ConvolutionLayer layer(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type, room);
  }

  private static final class Implementation extends Gradients {
    private static final long serialVersionUID = 1L;

    private final transient ConvolutionPasses.Room room;
    private transient ConvolutionPasses passes;
    private long batch;

    Implementation(NeuralNetConfiguration conf, DataType type, ConvolutionPasses.Room room) {
      super(conf, type);
      this.room = room;
    }

    @Override
    protected Pair<INDArray, INDArray> preOutput(
        boolean training, boolean forBackprop, LayerWorkspaceMgr workspaces) {
      if (!training) {
        return super.preOutput(false, forBackprop, workspaces);
      }
      long[] shape = outputShape();
      if (batch != input.size(0)) {
        var c = layerConf();
        long[] taps = weights().shape();
        passes =
            new ConvolutionPasses(room, input.shape(), shape, taps, c.getStride(), c.getPadding());
        batch = input.size(0);
      }
      var out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, input.dataType(), shape, 'c');
      passes.forward(map(input), NativeFloats.pointer(weights()), map(out));
      return Pair.of(out, null);
    }

    @Override
    void backward(INDArray delta, INDArray inputGradient, INDArray weightGradient) {
      passes.backward(
          map(input),
          NativeFloats.pointer(weights()),
          map(delta),
          map(inputGradient),
          NativeFloats.pointer(weightGradient));
    }

    private long[] outputShape() {
      var c = layerConf();
      var shape = new long[] {input.size(0), c.getNOut(), 0, 0};
      for (int d = 0; d < 2; d++) {
        long positions = input.size(2 + d) + 2L * c.getPadding()[d] - c.getKernelSize()[d];
        shape[2 + d] = positions / c.getStride()[d] + 1;
      }
      return shape;
    }

    private static Pointer map(INDArray array) {
      NativeFloats.area(array);
      return NativeFloats.pointer(array);
    }
  }
}
