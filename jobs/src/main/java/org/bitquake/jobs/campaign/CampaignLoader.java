package org.bitquake.jobs.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.CampaignConfig.Until;
import org.bitquake.jobs.config.Inputs;
import org.bitquake.jobs.config.NamedNetwork;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.network.Convolution;
import org.bitquake.network.QuantizedNetwork;

/** Reads the files that a configuration names and checks that they fit together. */
public final class CampaignLoader {
  private final Yaml.Document<CampaignConfig> document;
  private final CampaignConfig config;
  private final Configuration hadoop;

  private CampaignLoader(Yaml.Document<CampaignConfig> document, Configuration hadoop) {
    this.document = document;
    this.config = document.value();
    this.hadoop = hadoop;
  }

  /**
   * Loads a campaign.
   *
   * @param dataDirectory where the data set lies, instead of what the configuration says
   * @throws InputException that names the file, line and key of the first thing that does not fit
   */
  public static Campaign load(
      Yaml.Document<CampaignConfig> document,
      Optional<String> dataDirectory,
      Configuration hadoop) {
    return new CampaignLoader(document, hadoop).load(dataDirectory);
  }

  private Campaign load(Optional<String> dataDirectory) {
    var inputs = Inputs.load(document, config.networks(), config.data(), dataDirectory, hadoop);
    var dataset = inputs.dataset();
    List<CampaignNetwork> networks = new ArrayList<>();
    for (int i = 0; i < inputs.networks().size(); i++) {
      var it = inputs.networks().get(i);
      requireRepresentable(it);
      networks.add(
          new CampaignNetwork(
              it.name(), it.file(), it.bytes(), it.network(), scope(it.name(), it.network())));
    }
    boolean auto = config.images().auto();
    int images =
        auto
            ? Math.min(Campaign.FIRST_IMAGES, dataset.size())
            : config.images().count().orElse(dataset.size());
    if (images > dataset.size()) {
      throw document.error(
          "images", "%d, but %s has %d".formatted(images, dataset.name(), dataset.size()));
    }
    var until = config.trials().until();
    return new Campaign(
        config.name(),
        config.seed(),
        List.copyOf(networks),
        dataset,
        images,
        auto,
        config.faults().faultKinds(),
        config.faults().rates(),
        encoding(),
        config.trials().perCell().or(() -> until.flatMap(Until::max)).orElseThrow(),
        until.map(Until::halfWidth),
        config.confidence().orElseThrow());
  }

  private FaultScope scope(String name, QuantizedNetwork network) {
    Map<String, Integer> positions = new HashMap<>();
    List<String> known = network.weightLayers().stream().map(Convolution::name).toList();
    known.forEach(layer -> positions.put(layer, positions.size()));
    Set<Integer> layers = new TreeSet<>();
    List<String> wanted = config.faults().layers().orElse(List.of());
    for (int i = 0; i < wanted.size(); i++) {
      Integer position = positions.get(wanted.get(i));
      if (position == null) {
        throw document.error(
            "faults.layers[" + i + "]",
            "network %s has no weight layer \"%s\"; it has %s"
                .formatted(name, wanted.get(i), String.join(", ", known)));
      }
      layers.add(position);
    }
    List<Integer> bits = config.faults().bits().orElse(List.of());
    int most = widest(network, layers);
    for (int i = 0; i < bits.size(); i++) {
      if (bits.get(i) < 0 || bits.get(i) >= most) {
        throw document.error(
            "faults.bits[" + i + "]",
            "the weights of network %s have no bit %d, only 0…%d"
                .formatted(name, bits.get(i), most - 1));
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

  private void requireRepresentable(NamedNetwork it) {
    try {
      encoding()
          .requireRepresentable(
              it.network().copyCodes(), CampaignNetwork.bits(it.network()), it.name());
    } catch (InputException e) {
      throw document.error("faults.encoding", e.getMessage());
    }
  }

  private Encoding encoding() {
    return Encoding.of(config.faults().encoding().orElseThrow());
  }
}
