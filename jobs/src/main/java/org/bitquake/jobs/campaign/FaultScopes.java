package org.bitquake.jobs.campaign;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bitquake.InputException;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.config.CampaignConfig.Faults;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/** Brings the faults of a configuration, under its key {@code faults}, and a network together. */
public final class FaultScopes {
  private FaultScopes() {}

  /**
   * A network with the cells that may be faulty.
   *
   * @throws InputException naming file, line and key, if it lacks a layer or bit named there, or if
   *     a weight code has no place in the encoding
   */
  public static CampaignNetwork apply(Yaml.Document<?> document, Faults faults, NamedNetwork it) {
    requireRepresentable(document, faults, it);
    return new CampaignNetwork(
        it.name(), it.file(), it.bytes(), it.network(), scope(document, faults, it));
  }

  private static FaultScope scope(Yaml.Document<?> document, Faults faults, NamedNetwork it) {
    Map<String, Integer> positions = new HashMap<>();
    List<String> known = it.network().weightLayers().stream().map(Convolution::name).toList();
    known.forEach(layer -> positions.put(layer, positions.size()));
    Set<Integer> layers = new TreeSet<>();
    List<String> wanted = faults.layers().orElse(List.of());
    for (int i = 0; i < wanted.size(); i++) {
      Integer position = positions.get(wanted.get(i));
      if (position == null) {
        throw document.error(
            "faults.layers[" + i + "]",
            "network %s has no weight layer \"%s\"; it has %s"
                .formatted(it.name(), wanted.get(i), String.join(", ", known)));
      }
      layers.add(position);
    }
    List<Integer> bits = faults.bits().orElse(List.of());
    int most = widest(it.network(), layers);
    for (int i = 0; i < bits.size(); i++) {
      if (bits.get(i) < 0 || bits.get(i) >= most) {
        throw document.error(
            "faults.bits[" + i + "]",
            "the weights of network %s have no bit %d, only 0…%d"
                .formatted(it.name(), bits.get(i), most - 1));
      }
    }
    return new FaultScope(layers, new TreeSet<>(bits));
  }

  /** Cells of the widest weight in scope. */
  private static int widest(QuantizedNetwork network, Set<Integer> layers) {
    int[] bits = CampaignNetwork.bits(network);
    int most = 0;
    for (int layer = 0; layer < bits.length; layer++) {
      most = layers.isEmpty() || layers.contains(layer) ? Math.max(most, bits[layer]) : most;
    }
    return most;
  }

  private static void requireRepresentable(
      Yaml.Document<?> document, Faults faults, NamedNetwork it) {
    try {
      Encoding.of(faults.encoding().orElseThrow())
          .requireRepresentable(
              it.network().copyCodes(), CampaignNetwork.bits(it.network()), it.name());
    } catch (InputException e) {
      throw document.error("faults.encoding", e.getMessage());
    }
  }
}
