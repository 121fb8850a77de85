package org.bitquake.jobs.injection;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.network.Convolution;

/** Finds the memory cells that a configuration's {@code faults} name. */
public final class FaultTargets {
  private final Yaml.Document<?> document;
  private final List<String> layers;
  private final List<Integer> bits;

  private FaultTargets(Yaml.Document<?> document, List<String> layers, List<Integer> bits) {
    this.document = document;
    this.layers = layers;
    this.bits = bits;
  }

  /**
   * The same of networks whose codes are stored in one way, which {@code faults.encoding} says.
   *
   * @throws InputException that names line and key, if a network has no such layer, bit or code
   */
  public static List<CampaignNetwork> of(
      Yaml.Document<?> document,
      List<NamedNetwork> networks,
      Encoding encoding,
      Optional<List<String>> layers,
      Optional<List<Integer>> bits) {
    return of(document, networks, Map.of("faults.encoding", encoding), layers, bits);
  }

  /**
   * The networks with the cells of each that may be faulty.
   *
   * @param encodings ways to store their codes, by the key that says so
   * @param layers value of {@code faults.layers}
   * @param bits value of {@code faults.bits}
   * @throws InputException that names line and key, if a network has no such layer, bit or code
   */
  public static List<CampaignNetwork> of(
      Yaml.Document<?> document,
      List<NamedNetwork> networks,
      Map<String, Encoding> encodings,
      Optional<List<String>> layers,
      Optional<List<Integer>> bits) {
    var targets = new FaultTargets(document, layers.orElse(List.of()), bits.orElse(List.of()));
    return networks.stream().map(it -> targets.of(it, encodings)).toList();
  }

  private CampaignNetwork of(NamedNetwork it, Map<String, Encoding> encodings) {
    encodings.forEach(
        (key, encoding) -> {
          try {
            encoding.requireRepresentable(
                it.network().copyCodes(), CampaignNetwork.bits(it.network()), it.name());
          } catch (InputException e) {
            throw document.error(key, e.getMessage());
          }
        });
    return new CampaignNetwork(it.name(), it.file(), it.bytes(), it.network(), scope(it));
  }

  private FaultScope scope(NamedNetwork it) {
    List<String> known = it.network().weightLayers().stream().map(Convolution::name).toList();
    Set<Integer> positions = new TreeSet<>();
    for (int i = 0; i < layers.size(); i++) {
      int position = known.indexOf(layers.get(i));
      if (position < 0) {
        throw document.error(
            "faults.layers[" + i + "]",
            Text.of(
                "network %s has no weight layer \"%s\"; it has %s",
                it.name(), layers.get(i), String.join(", ", known)));
      }
      positions.add(position);
    }
    int most = widest(it, positions);
    for (int i = 0; i < bits.size(); i++) {
      if (bits.get(i) < 0 || bits.get(i) >= most) {
        throw document.error(
            "faults.bits[" + i + "]",
            Text.of(
                "the weights of network %s have no bit %d, only 0…%d",
                it.name(), bits.get(i), most - 1));
      }
    }
    return new FaultScope(positions, new TreeSet<>(bits));
  }

  /** Cells of the widest weight in scope. */
  private static int widest(NamedNetwork it, Set<Integer> layers) {
    int[] each = CampaignNetwork.bits(it.network());
    int most = 0;
    for (int layer = 0; layer < each.length; layer++) {
      most = layers.isEmpty() || layers.contains(layer) ? Math.max(most, each[layer]) : most;
    }
    return most;
  }
}
