package org.bitquake.jobs.injection;

import java.io.Serializable;
import org.bitquake.engine.Engine;
import org.bitquake.network.QuantizedNetwork;

/** Makes the engines of a task; goes to the executors, so it must not capture anything. */
@FunctionalInterface
public interface EngineSource extends Serializable {
  Engine prepare(QuantizedNetwork network);
}
