package org.bitquake.engine;

import org.bitquake.network.QuantizedNetwork;

/** Picks the engine for a network. */
public final class Engines {
  private Engines() {}

  /** The fastest engine that can run this network on this machine, with its own weights loaded. */
  public static Engine prepare(QuantizedNetwork network) {
    return null;
  }
}
