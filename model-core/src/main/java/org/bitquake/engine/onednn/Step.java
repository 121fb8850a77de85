package org.bitquake.engine.onednn;

import org.bytedeco.dnnl.stream;

/** One layer, or a part of it, on a block of images of a fixed size. */
interface Step {
  void run(stream queue);
}
