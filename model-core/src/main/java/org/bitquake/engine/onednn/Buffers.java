package org.bitquake.engine.onednn;

import java.util.Arrays;
import org.bitquake.network.Convolution;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/**
 * Which buffer each tensor lives in. A buffer serves again once the last layer that reads its
 * tensor has run, so that a block's tensors stay in the cache.
 *
 * <p>oneDNN adds a residual to what is already in the output. Where the residual is read for the
 * last time there, the output takes over its buffer; otherwise the layer copies it first.
 */
final class Buffers {
  private final QuantizedNetwork network;
  private final int[] lastRead;
  private final int[] bufferOf;
  private final BufferPool pool = new BufferPool();

  Buffers(QuantizedNetwork network) {
    this.network = network;
    int tensors = network.layers().size();
    this.lastRead = new int[tensors];
    this.bufferOf = new int[tensors];
    Arrays.fill(lastRead, QuantizedNetwork.INPUT);
    for (int i = 0; i < tensors; i++) {
      Layer layer = network.layers().get(i);
      lastRead[index(layer.input())] = i;
      int residual = residualOf(layer);
      if (residual >= QuantizedNetwork.INPUT) {
        lastRead[index(residual)] = i;
      }
    }
    bufferOf[0] = pool.take(Codes.of(network, QuantizedNetwork.INPUT).bytesPerImage());
    for (int i = 0; i < tensors - 1; i++) {
      assign(i);
    }
  }

  private void assign(int position) {
    Layer layer = network.layers().get(position);
    int residual = residualOf(layer);
    bufferOf[index(position)] =
        overwritesResidual(position)
            ? bufferOf[index(residual)]
            : pool.take(Codes.of(network, position).bytesPerImage());
    if (lastRead[index(layer.input())] == position) {
      pool.release(bufferOf[index(layer.input())]);
    }
    if (residual >= QuantizedNetwork.INPUT
        && residual != layer.input()
        && lastRead[index(residual)] == position
        && !overwritesResidual(position)) {
      pool.release(bufferOf[index(residual)]);
    }
  }

  private static int residualOf(Layer layer) {
    return layer instanceof Convolution c
        ? c.residual().map(r -> r.source()).orElse(Integer.MIN_VALUE)
        : Integer.MIN_VALUE;
  }

  private static int index(int position) {
    return position + 1;
  }

  /** Whether the layer's output takes the place of its residual. */
  boolean overwritesResidual(int position) {
    Layer layer = network.layers().get(position);
    int residual = residualOf(layer);
    return residual >= QuantizedNetwork.INPUT
        && residual != layer.input()
        && lastRead[index(residual)] == position;
  }

  /** The buffer of what the layer at this position (or {@code INPUT}) writes. */
  int of(int position) {
    return bufferOf[index(position)];
  }

  /** The sizes of all buffers. */
  long[] bytesPerImage() {
    return pool.sizes();
  }
}
