package org.bitquake.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import org.bitquake.network.QuantizedNetwork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the engine for a network. */
public final class Engines {
  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private Engines() {}

  /** The fastest engine that can run this network on this machine, with its own weights loaded. */
  public static Engine prepare(QuantizedNetwork network) {
    var engine = new ReferenceEngine(network);
    if (!LOGGED.getAndSet(true)) {
      LOG.debug("engine {}: plain Java, the only one so far", engine.name());
    }
    return engine;
  }
}
