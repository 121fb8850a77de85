package org.bitquake.landscape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitquake.Text;
import org.bitquake.data.Shape;
import org.bitquake.lanes.LaneLayout;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.MaxPool;
import org.bitquake.network.QuantizedNetwork;

/**
 * A quantised network whose weights are real numbers, in units of their step: the weights of SAQ's
 * second pass, or of a point of a loss surface. Activations stay quantised. In float32 {@code acc =
 * Σ w·a} by fused multiply-adds in the order of the taps; the rest is {@link Convolution}'s
 * contract to the letter.
 *
 * <p>Where all weights are codes the sums are integers below 2^24 and exact, so the logits are
 * those of the integer engines to the last bit; a layer whose sums may grow larger is summed in
 * double. Not thread-safe.
 */
final class RealNetwork {
  private static final int LARGEST_CODE = 1 << 24;

  final QuantizedNetwork network;
  final LaneKernels kernels;
  final List<LayerPass> passes = new ArrayList<>();
  final List<LaneTensor> tensors = new ArrayList<>();
  private final LaneTensor input;

  RealNetwork(QuantizedNetwork network, LaneKernels kernels) {
    this.network = network;
    this.kernels = kernels;
    this.input =
        new LaneTensor(network.inputShape(), LaneLayout.padding(network, QuantizedNetwork.INPUT));
    for (int p = 0; p < network.layers().size(); p++) {
      Layer layer = network.layers().get(p);
      var out = new LaneTensor(layer.outputShape(), LaneLayout.padding(network, p));
      passes.add(pass(layer, out));
      tensors.add(out);
    }
  }

  private LayerPass pass(Layer layer, LaneTensor out) {
    LaneTensor in = tensor(layer.input());
    int maxIn = network.maxCode(layer.input());
    if (maxIn > LARGEST_CODE) {
      throw new IllegalArgumentException(
          Text.of(
              "layer %s reads codes up to %d, which a float does not hold", layer.name(), maxIn));
    }
    if (layer instanceof Convolution c) {
      LaneTensor residual = c.residual().map(r -> tensor(r.source())).orElse(null);
      return new ConvolutionPass(kernels, c, maxIn, in, residual, out);
    }
    return layer instanceof MaxPool pool
        ? new PoolPass(kernels, pool, in, out)
        : new SumPass(kernels, in, out);
  }

  /** What the layer at this position, or the input, holds. */
  LaneTensor tensor(int position) {
    return position == QuantizedNetwork.INPUT ? input : tensors.get(position);
  }

  /**
   * Uses these weights from now on.
   *
   * @param weights {@code [weight layer][outC, inC / groups, kH, kW]} in units of the step
   */
  void load(float[][] weights) {
    int l = 0;
    for (LayerPass pass : passes) {
      if (pass instanceof ConvolutionPass c) {
        c.correlation.load(weights[l++]);
      }
    }
  }

  /**
   * Runs a block of images.
   *
   * @param images unsigned input codes {@code [count, C, H, W]}
   * @param from first image of the block
   * @param n images, at most {@link LaneKernels#BLOCK}; the other lanes run blank
   */
  void run(byte[] images, int from, int n) {
    Shape shape = network.inputShape();
    int size = shape.size();
    int k = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++, k++) {
          int to = input.at(c, y, x);
          int at = from * size + k;
          for (int i = 0; i < n; i++, at += size) {
            input.data[to + i] = images[at] & 0xff;
          }
          Arrays.fill(input.data, to + n, to + LaneKernels.BLOCK, 0);
        }
      }
    }
    for (LayerPass pass : passes) {
      pass.forward();
    }
  }

  /** Logits of the last block, {@code [classes][n]}. */
  float[] logits() {
    return tensors.get(tensors.size() - 1).data;
  }
}
