package org.bitquake.bench;

import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultKind;
import org.bitquake.fault.FaultMap;
import org.bitquake.fault.FaultSampler;
import org.bitquake.fault.FaultScope;
import org.bitquake.network.QuantizedNetwork;

/** The weight memory of a network and its faults: bit flips at 1 %, another map each time. */
final class TrialMemory {
  static final double RATE = 0.01;

  private final byte[][] pristine;
  private final byte[][] faulty;
  private final FaultSampler sampler;
  private FaultMap map;
  private long trial;

  TrialMemory(QuantizedNetwork network, long seed) {
    pristine = network.copyCodes();
    faulty = network.copyCodes();
    var layers = network.weightLayers();
    int[] weights = layers.stream().mapToInt(c -> c.weights().codes().length).toArray();
    int[] bits = layers.stream().mapToInt(c -> c.weights().bits()).toArray();
    sampler = new FaultSampler(seed, weights, bits, FaultScope.ALL);
    draw();
  }

  void draw() {
    map = sampler.draw(trial++, RATE);
  }

  void apply() {
    map.apply(FaultKind.BIT_FLIP, RATE, Encoding.TWOS_COMPLEMENT, pristine, faulty);
  }

  byte[][] codes() {
    return faulty;
  }
}
