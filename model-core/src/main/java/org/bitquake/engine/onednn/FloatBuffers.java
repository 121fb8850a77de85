package org.bitquake.engine.onednn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.bitquake.engine.onednn.Forms.Form;
import org.bitquake.network.QuantizedNetwork;

/**
 * Which buffers each tensor lives in, one for each form that somebody reads it in. A buffer serves
 * again once the last layer that reads its tensor has run, so that a block's tensors stay in the
 * cache.
 */
final class FloatBuffers {
  private final QuantizedNetwork network;
  private final Forms forms;

  /** Of each tensor, the input's first. */
  private final List<Map<Form, Integer>> buffersOf = new ArrayList<>();

  private final BufferPool pool = new BufferPool();

  FloatBuffers(QuantizedNetwork network, Forms forms) {
    this.network = network;
    this.forms = forms;
    int tensors = network.layers().size() + 1;
    int[] lastRead = new int[tensors];
    Arrays.fill(lastRead, tensors);
    for (int i = 0; i < tensors - 1; i++) {
      for (int source : network.layers().get(i).inputs()) {
        lastRead[source + 1] = i;
      }
    }
    take(QuantizedNetwork.INPUT);
    for (int i = 0; i < tensors - 1; i++) {
      take(i);
      for (int source : new HashSet<>(network.layers().get(i).inputs())) {
        if (lastRead[source + 1] == i) {
          release(source);
        }
      }
    }
  }

  private void take(int position) {
    var buffers = new EnumMap<Form, Integer>(Form.class);
    for (Form form : Form.values()) {
      if (form == forms.of(position) || forms.inBoth(position)) {
        long size = (long) network.shapeOf(position).size() * form.bytes();
        buffers.put(form, pool.take(size));
      }
    }
    buffersOf.add(buffers);
  }

  private void release(int position) {
    buffersOf.get(position + 1).values().forEach(pool::release);
  }

  /** The buffer of what the layer at this position (or {@code INPUT}) writes, in this form. */
  int of(int position, Form form) {
    Integer buffer = buffersOf.get(position + 1).get(form);
    if (buffer == null) {
      throw new IllegalStateException("nobody reads tensor " + position + " as " + form);
    }
    return buffer;
  }

  /** The sizes of all buffers. */
  long[] bytesOfBuffers() {
    return pool.sizes();
  }

  long bytesPerImage() {
    return Arrays.stream(pool.sizes()).sum();
  }
}
