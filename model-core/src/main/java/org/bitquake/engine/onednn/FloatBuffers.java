package org.bitquake.engine.onednn;

import java.util.Arrays;
import java.util.HashSet;
import org.bitquake.engine.onednn.Forms.Form;
import org.bitquake.network.QuantizedNetwork;

/**
 * Which buffers each tensor lives in, one for each form that somebody reads it in. A buffer serves
 * again once the last layer that reads its tensor has run, so that a block's tensors stay in the
 * cache.
 */
final class FloatBuffers {
  private static final int FORMS = Form.values().length;

  private final QuantizedNetwork network;
  private final Forms forms;

  /** {@code [tensor · FORMS + form]}. */
  private final int[] bufferOf;

  private final BufferPool pool = new BufferPool();

  FloatBuffers(QuantizedNetwork network, Forms forms) {
    this.network = network;
    this.forms = forms;
    int tensors = network.layers().size() + 1;
    bufferOf = new int[tensors * FORMS];
    Arrays.fill(bufferOf, -1);
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
    for (Form form : Form.values()) {
      if (form == forms.of(position) || forms.inBoth(position)) {
        long size = (long) network.shapeOf(position).size() * form.bytes();
        bufferOf[index(position, form)] = pool.take(size);
      }
    }
  }

  private void release(int position) {
    for (Form form : Form.values()) {
      if (bufferOf[index(position, form)] >= 0) {
        pool.release(bufferOf[index(position, form)]);
      }
    }
  }

  private static int index(int position, Form form) {
    return (position + 1) * FORMS + form.ordinal();
  }

  /** The buffer of what the layer at this position (or {@code INPUT}) writes, in this form. */
  int of(int position, Form form) {
    int buffer = bufferOf[index(position, form)];
    if (buffer < 0) {
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
