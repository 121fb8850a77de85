package org.bitquake.engine;

import java.util.Optional;
import org.bitquake.network.QuantizedNetwork;

/** One kind of engine; {@link Engines} finds them with {@link java.util.ServiceLoader}. */
public interface EngineProvider {
  /** Such as {@code vector}. */
  String name();

  /** Why this process cannot run such engines; empty if it can. Asked once. */
  Optional<String> unavailable();

  /**
   * Why such an engine cannot run this network; empty if it can. An accumulator that could overflow
   * is a reason.
   */
  Optional<String> unsupported(QuantizedNetwork network);

  /**
   * About how long an image takes, in nanoseconds on one core of a current server, to compare
   * engines by. Must not start the engine: asked of engines that may never be used.
   */
  double nanosPerImage(QuantizedNetwork network);

  /** An engine with the network's own weights loaded. */
  Engine prepare(QuantizedNetwork network);
}
