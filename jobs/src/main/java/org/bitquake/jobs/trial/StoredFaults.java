package org.bitquake.jobs.trial;

import java.util.HashMap;
import java.util.Map;
import org.bitquake.fault.BufferSampler;
import org.bitquake.fault.FaultPattern;
import org.bitquake.fault.TargetMemory;
import org.bitquake.jobs.injection.MemoryModel;
import org.bitquake.memory.Storage;
import org.bitquake.network.QuantizedNetwork;

/**
 * The faults of trials in the memories of networks' activations and offsets. Effects of equal
 * patterns share them, as all networks of one shape do. Not thread-safe.
 */
final class StoredFaults {
  private final long seed;
  private final double highestRate;
  private final Map<Buffer, Draw> draws = new HashMap<>();

  private record Buffer(int network, TargetMemory memory, FaultPattern pattern, Storage storage) {}

  /** A sampler and its latest trial. */
  private static final class Draw {
    final BufferSampler sampler;
    long trial = -1;

    Draw(BufferSampler sampler) {
      this.sampler = sampler;
    }
  }

  StoredFaults(long seed, double highestRate) {
    this.seed = seed;
    this.highestRate = highestRate;
  }

  /**
   * The faults of a trial.
   *
   * @param position of the network in the plan
   * @return a sampler that is at this trial
   */
  BufferSampler of(MemoryModel kind, int position, QuantizedNetwork network, long trial) {
    var faults = kind.faults();
    var buffer = new Buffer(position, faults.memory(), faults.pattern(), kind.storage());
    var draw = draws.computeIfAbsent(buffer, its -> new Draw(kind.sampler(seed, network)));
    if (draw.trial != trial) {
      draw.sampler.draw(trial, highestRate);
      draw.trial = trial;
    }
    return draw.sampler;
  }
}
