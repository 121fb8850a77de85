package org.bitquake.jobs.cnvlutin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bitquake.Text;
import org.bitquake.cnvlutin.CountingSimulator;
import org.bitquake.cnvlutin.LayerCounts;
import org.bitquake.cnvlutin.LayerSimulator;
import org.bitquake.cnvlutin.LiteralSimulator;
import org.bitquake.cnvlutin.NetworkSimulator;
import org.bitquake.network.QuantizedNetwork;

/**
 * Walks the first image through every network cycle by cycle, before thousands are counted in
 * closed form: the two must agree on this machine, for these networks and this accelerator.
 */
final class SelfCheck {
  private SelfCheck() {}

  static void run(Simulation simulation) {
    int size = simulation.dataset().shape().size();
    byte[] image = Arrays.copyOf(simulation.dataset().pixels(), size);
    for (var it : simulation.networks()) {
      var counted = counts(simulation, it.network(), CountingSimulator::new, image);
      var walked = counts(simulation, it.network(), LiteralSimulator::new, image);
      if (!counted.equals(walked)) {
        throw new IllegalStateException(
            Text.of("network %s: counted %s, but walked %s", it.name(), counted, walked));
      }
    }
  }

  private static List<LayerCounts> counts(
      Simulation simulation, QuantizedNetwork network, LayerSimulator.Maker maker, byte[] image) {
    List<LayerCounts> layers = new ArrayList<>();
    try (var simulator = new NetworkSimulator(network, simulation.accelerator(), maker, 1)) {
      simulator.run(image, 1, (first, layer, counts) -> layers.add(counts));
    }
    return layers;
  }
}
