package org.bitquake.engine;

import java.util.Optional;
import org.bitquake.network.QuantizedNetwork;

/** Provides {@link ReferenceEngine}: everywhere, for every network. */
public final class ReferenceProvider implements EngineProvider {
  private static final double NANOS_PER_MAC = 0.07;

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public Optional<String> unsupported(QuantizedNetwork network) {
    return Optional.empty();
  }

  @Override
  public double nanosPerImage(QuantizedNetwork network) {
    return network.macs() * NANOS_PER_MAC;
  }

  @Override
  public Engine prepare(QuantizedNetwork network) {
    return new ReferenceEngine(network);
  }
}
