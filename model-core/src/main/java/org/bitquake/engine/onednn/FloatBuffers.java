package org.bitquake.engine.onednn;

import java.util.Arrays;
import java.util.HashSet;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/**
 * Which buffer each tensor lives in. A buffer serves again once the last layer that reads its
 * tensor has run, so that a block's tensors stay in the cache.
 */
final class FloatBuffers {
  private final int[] bufferOf;
  private final BufferPool pool = new BufferPool();

  FloatBuffers(QuantizedNetwork network) {
    int tensors = network.layers().size() + 1;
    bufferOf = new int[tensors];
    int[] lastRead = new int[tensors];
    Arrays.fill(lastRead, tensors);
    for (int i = 0; i < tensors - 1; i++) {
      for (int source : network.layers().get(i).inputs()) {
        lastRead[source + 1] = i;
      }
    }
    bufferOf[0] = pool.take(network.inputShape().size());
    for (int i = 0; i < tensors - 1; i++) {
      Layer layer = network.layers().get(i);
      bufferOf[i + 1] = pool.take(layer.outputShape().size());
      for (int source : new HashSet<>(layer.inputs())) {
        if (lastRead[source + 1] == i) {
          pool.release(bufferOf[source + 1]);
        }
      }
    }
  }

  /** The buffer of what the layer at this position (or {@code INPUT}) writes. */
  int of(int position) {
    return bufferOf[position + 1];
  }

  /** Values of an image in each buffer. */
  long[] valuesPerImage() {
    return pool.sizes();
  }

  long bytesPerImage() {
    return Float.BYTES * Arrays.stream(pool.sizes()).sum();
  }
}
