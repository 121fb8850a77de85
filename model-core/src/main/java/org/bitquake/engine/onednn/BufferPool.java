package org.bitquake.engine.onednn;

import java.util.ArrayList;
import java.util.List;

/** Buffers that serve again once what was in them is done with. */
final class BufferPool {
  private final List<Long> sizes = new ArrayList<>();
  private final List<Integer> free = new ArrayList<>();

  /** The smallest free buffer that is large enough, else the largest one made larger, or new. */
  int take(long size) {
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

  /** Makes a buffer free. */
  void release(int buffer) {
    free.add(buffer);
  }

  /** The sizes of all buffers. */
  long[] sizes() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }
}
