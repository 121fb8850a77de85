package org.bitquake.engine.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.memory;

/**
 * The working memory of a block's primitives, which run one after the other and share it.
 *
 * <p>oneDNN's own would belong to the thread that makes a primitive; ours lets any thread run it.
 */
final class Scratchpad {
  private final List<memory> users = new ArrayList<>();
  private final Session session;
  private final Natives natives;
  private long size;

  Scratchpad(Session session, Natives natives) {
    this.session = session;
    this.natives = natives;
  }

  /** The argument for one primitive, usable after {@link #allocate}. */
  memory reserve(memory.desc wanted) {
    size = Math.max(size, wanted.get_size());
    var user = natives.keep(new memory(wanted, session.device(), null));
    users.add(user);
    return user;
  }

  void allocate() {
    if (size > 0) {
      var all = natives.keep(session.bytes(size));
      users.forEach(user -> user.set_data_handle(all.get_data_handle()));
    }
  }
}
