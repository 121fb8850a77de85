package org.bitquake.engine.onednn;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;

/** oneDNN's device, here the processor, and the queue of work for it. */
record Session(engine device, stream queue) {
  static Session open(Natives natives) {
    var device = natives.keep(new engine(org.bytedeco.dnnl.engine.kind.cpu, 0));
    return new Session(device, natives.keep(new stream(device)));
  }

  /** So many bytes, aligned as oneDNN likes them. */
  memory bytes(long size) {
    long[] dims = {size};
    var plain = new memory.desc(dims, memory.data_type.u8, memory.format_tag.x);
    return new memory(plain, device);
  }
}
