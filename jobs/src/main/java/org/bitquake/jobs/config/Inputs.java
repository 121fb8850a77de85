package org.bitquake.jobs.config;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Dataset;
import org.bitquake.data.Shape;
import org.bitquake.data.format.ImageLoader;
import org.bitquake.jobs.console.PictureProgress;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/**
 * The networks and the labelled images that a configuration names, in memory, each network able to
 * classify these images.
 *
 * @param networks in the order of the configuration, names unique
 */
public record Inputs(List<NamedNetwork> networks, Dataset dataset) {
  private static final String NETWORKS = "networks";

  /**
   * Reads them.
   *
   * @param document that has them under the keys {@code networks} and {@code data}
   * @param networks value of {@code networks}
   * @param data value of {@code data}
   * @param dataDirectory where the data lie, instead of where the configuration says
   * @throws InputException that names the file, line and key of the first thing that does not fit
   */
  public static Inputs load(
      Yaml.Document<?> document,
      List<NetworkSource> networks,
      DataSource data,
      Optional<String> dataDirectory,
      Configuration hadoop) {
    List<NamedNetwork> loaded = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < networks.size(); i++) {
      var network = network(document, key(i), networks.get(i), hadoop);
      if (!names.add(network.name())) {
        throw document.error(
            key(i),
            Text.of("a second network called %s; write {file: …, name: another}", network.name()));
      }
      loaded.add(network);
    }
    var dataset = dataset(document, data, dataDirectory, loaded.get(0).network(), hadoop);
    for (int i = 0; i < loaded.size(); i++) {
      requireFit(document, key(i), loaded.get(i), dataset);
    }
    return new Inputs(List.copyOf(loaded), dataset);
  }

  private static String key(int network) {
    return NETWORKS + "[" + network + "]";
  }

  private static NamedNetwork network(
      Yaml.Document<?> document, String key, NetworkSource source, Configuration hadoop) {
    Path path = document.beside(key, source.file());
    byte[] bytes = bytes(document, key, path, hadoop);
    QuantizedNetwork network;
    try {
      network = QnnFile.read(new ByteArrayInputStream(bytes), path.toString());
    } catch (InputException | IOException e) {
      throw document.error(key, e.getMessage());
    }
    return new NamedNetwork(source.name().orElse(network.name()), path.toString(), bytes, network);
  }

  private static byte[] bytes(
      Yaml.Document<?> document, String key, Path path, Configuration hadoop) {
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

  private static Dataset dataset(
      Yaml.Document<?> document,
      DataSource data,
      Optional<String> place,
      QuantizedNetwork network,
      Configuration hadoop) {
    var asked = data.spec((key, path) -> document.beside(key, path).toString());
    var spec = place.map(asked::in).orElse(asked);
    var wanted =
        new ImageLoader.Wanted(network.inputShape().channels(), OptionalInt.of(network.classes()));
    try (var progress = new PictureProgress()) {
      return ImageLoader.load(spec, Optional.of(wanted), hadoop, progress);
    } catch (InputException e) {
      throw document.error("data", e.getMessage());
    }
  }

  private static void requireFit(
      Yaml.Document<?> document, String key, NamedNetwork network, Dataset dataset) {
    var shape = network.network().inputShape();
    if (!shape.equals(dataset.shape())) {
      throw document.error(
          key,
          Text.of(
              "network %s takes images of %s, but those of %s are %s%s",
              network.name(), shape, dataset.name(), dataset.form(), advice(shape, dataset)));
    }
    if (network.network().classes() != dataset.classes()) {
      throw document.error(
          key,
          Text.of(
              "network %s knows %d classes, but %s has %d",
              network.name(), network.network().classes(), dataset.name(), dataset.classes()));
    }
  }

  /** What would bring pictures to that size. */
  private static String advice(Shape shape, Dataset dataset) {
    boolean sides =
        shape.height() == dataset.shape().height() && shape.width() == dataset.shape().width();
    boolean square = shape.height() == shape.width();
    return sides || shape.channels() != dataset.shape().channels()
        ? ""
        : Text.of(
            "; data: {resize: %s} makes them so",
            square && dataset.shape().height() == dataset.shape().width()
                ? shape.height()
                : shape.height() + "x" + shape.width());
  }
}
