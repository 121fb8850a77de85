package org.bitquake.engine;

import org.bitquake.network.Add;
import org.bitquake.network.AveragePool;
import org.bitquake.network.Concat;
import org.bitquake.network.Convolution;
import org.bitquake.network.GlobalSum;
import org.bitquake.network.Layer;
import org.bitquake.network.LayerCases;
import org.bitquake.network.MaxPool;
import org.bitquake.network.Pad;
import org.bitquake.network.QuantizedNetwork;
import org.bitquake.network.Window;

/** What a {@link ReferenceEngine} holds, for each image of its block and for the weights. */
final class BlockMemory implements LayerCases<Long> {
  private final QuantizedNetwork network;

  private BlockMemory(QuantizedNetwork network) {
    this.network = network;
  }

  /** Bytes of the tensors and of the {@link Columns} made of them. */
  static long perImage(QuantizedNetwork network) {
    var its = new BlockMemory(network);
    long values = network.inputShape().size();
    for (Layer layer : network.layers()) {
      values += layer.outputShape().size() + layer.match(its);
    }
    return values * Integer.BYTES;
  }

  /** Bytes of the lists of weights and of where they read, and of the codes they come from. */
  static long ofWeights(QuantizedNetwork network) {
    long bytes = 0;
    for (Convolution layer : network.weightLayers()) {
      long taps = layer.geometry().taps(layer.inputShape());
      long slots = ConvolutionRunner.wholeKernels(Math.toIntExact(taps));
      bytes += layer.geometry().outChannels() * (slots * (Short.BYTES + Integer.BYTES) + taps);
    }
    return bytes;
  }

  @Override
  public Long convolution(Convolution layer) {
    return columns(layer, layer.geometry().window());
  }

  @Override
  public Long maxPool(MaxPool layer) {
    return Columns.values(layer.inputShape(), layer.window(), 0);
  }

  @Override
  public Long averagePool(AveragePool layer) {
    return columns(layer, layer.window());
  }

  /** Of one that reads differences from its input's code of 0, and sums a row of them. */
  private long columns(Layer layer, Window window) {
    int zero = network.codes(layer.input()).zero();
    return Columns.values(layer.inputShape(), window, zero) + layer.outputShape().width();
  }

  @Override
  public Long globalSum(GlobalSum layer) {
    return 0L;
  }

  @Override
  public Long add(Add layer) {
    return 0L;
  }

  @Override
  public Long concat(Concat layer) {
    return 0L;
  }

  @Override
  public Long pad(Pad layer) {
    return 0L;
  }

  /** The images that fit into so many bytes, at least one and at most {@code most}. */
  static int images(QuantizedNetwork network, int most, long bytes) {
    return (int) Math.max(1, Math.min(most, bytes / perImage(network)));
  }
}
