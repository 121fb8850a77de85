package org.bitquake.jobs.campaign;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.fault.Encoding;
import org.bitquake.fault.FaultScope;
import org.bitquake.jobs.config.CampaignConfig;
import org.bitquake.jobs.config.CampaignConfig.NetworkEntry;
import org.bitquake.jobs.config.CampaignConfig.Until;
import org.bitquake.jobs.config.Yaml;
import org.bitquake.network.Convolution;
import org.bitquake.network.QnnFile;
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
    List<CampaignNetwork> networks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < config.networks().size(); i++) {
      var network = network(i, config.networks().get(i));
      if (!names.add(network.name())) {
        throw document.error(
            "networks[" + i + "]",
            "a second network called %s; write {file: …, name: another}".formatted(network.name()));
      }
      networks.add(network);
    }
    Dataset dataset = dataset(dataDirectory);
    for (int i = 0; i < networks.size(); i++) {
      requireFit("networks[" + i + "]", networks.get(i), dataset);
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

  private CampaignNetwork network(int index, NetworkEntry entry) {
    Path path = relative(entry.file());
    byte[] bytes = bytes("networks[" + index + "]", path);
    QuantizedNetwork network;
    try {
      network = QnnFile.read(new ByteArrayInputStream(bytes), path.toString());
    } catch (InputException | IOException e) {
      throw document.error("networks[" + index + "]", e.getMessage());
    }
    String name = entry.name().orElse(network.name());
    return new CampaignNetwork(name, path.toString(), bytes, network, scope(name, network));
  }

  private byte[] bytes(String key, Path path) {
    try (var in = path.getFileSystem(hadoop).open(path)) {
      byte[] bytes = in.readNBytes(QnnFile.MAX_BYTES + 1);
      if (bytes.length > QnnFile.MAX_BYTES) {
        throw document.error(key, path + ": too long for a network file");
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw document.error(key, path + ": no such file");
    } catch (IOException e) {
      throw document.error(key, path + ": cannot be read: " + e.getMessage());
    }
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

  private Dataset dataset(Optional<String> dataDirectory) {
    var directory =
        dataDirectory.or(() -> config.data().directory().map(d -> relative(d).toString()));
    try {
      return Datasets.load(config.data().name(), config.data().split(), directory, hadoop);
    } catch (InputException e) {
      throw document.error("data", e.getMessage());
    }
  }

  private void requireFit(String key, CampaignNetwork network, Dataset dataset) {
    var shape = network.network().inputShape();
    if (!shape.equals(dataset.shape())) {
      throw document.error(
          key,
          "network %s takes images of %s, but those of %s are %s"
              .formatted(network.name(), shape, dataset.name(), dataset.shape()));
    }
    if (network.network().classes() != dataset.classes()) {
      throw document.error(
          key,
          "network %s knows %d classes, but %s has %d"
              .formatted(
                  network.name(), network.network().classes(), dataset.name(), dataset.classes()));
    }
    try {
      encoding()
          .requireRepresentable(
              network.network().copyCodes(),
              CampaignNetwork.bits(network.network()),
              network.name());
    } catch (InputException e) {
      throw document.error("faults.encoding", e.getMessage());
    }
  }

  private Encoding encoding() {
    return Encoding.of(config.faults().encoding().orElseThrow());
  }

  /** A path beside the configuration file, unless it is absolute. */
  private Path relative(String file) {
    return new Path(document.path().getParent(), file);
  }
}
