package org.bitquake.engine.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.bitquake.network.Layer;
import org.bitquake.network.QuantizedNetwork;

/**
 * Which buffer each tensor lives in. A buffer serves again once the last layer that reads its
 * tensor has run, so that a block's tensors stay in the cache.
 */
final class FloatBuffers {
  private final int[] bufferOf;
  private final List<Long> sizes = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>();

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
    bufferOf[0] = take(network.inputShape().size());
    for (int i = 0; i < tensors - 1; i++) {
      Layer layer = network.layers().get(i);
      bufferOf[i + 1] = take(layer.outputShape().size());
      for (int source : new HashSet<>(layer.inputs())) {
        if (lastRead[source + 1] == i) {
          free.add(bufferOf[source + 1]);
        }
      }
    }
  }

  /** The smallest free buffer that is large enough, else the largest one made larger, or new. */
  private int take(long size) {
    int best = -1;
    for (int buffer : free) {
      if (best < 0 || fit(buffer, size) < fit(best, size)) {
        best = buffer;
      }
    }
    if (best < 0) {
      sizes.add(size);
      return sizes.size() - 1;
    }
    free.remove((Integer) best);
    sizes.set(best, Math.max(size, sizes.get(best)));
    return best;
  }

  private long fit(int buffer, long size) {
    long room = sizes.get(buffer) - size;
    return room >= 0 ? room : Integer.MAX_VALUE - room;
  }

  /** The buffer of what the layer at this position (or {@code INPUT}) writes. */
  int of(int position) {
    return bufferOf[position + 1];
  }

  /** Values of an image in each buffer. */
  long[] valuesPerImage() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  long bytesPerImage() {
    return Float.BYTES * sizes.stream().mapToLong(Long::longValue).sum();
  }
}
