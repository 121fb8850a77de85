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
import java.util.function.Function;
import java.util.function.Supplier;
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
 * The networks and the labelled images that a configuration and the command line name, in memory,
 * each network able to classify these images.
 *
 * @param networks in the order of the configuration and then of the options, names unique
 * @param dataset the images
 * @param errors of each network, how to say that something is wrong with it: the messages begin
 *     with file, line and key, or with the option
 */
public record Inputs(
    List<NamedNetwork> networks, Dataset dataset, List<Function<String, InputException>> errors) {
  /** A network file that is asked for, and how to say that something is wrong with it. */
  private record Asked(
      NetworkSource source,
      Supplier<Path> path,
      String rename,
      Function<String, InputException> error) {

    static Asked inFile(Yaml.Document<?> document, int position, NetworkSource source) {
      String key = "networks[" + position + "]";
      return new Asked(
          source,
          () -> document.beside(key, source.file()),
          "{file: …, name: another}",
          message -> document.error(key, message));
    }

    static Asked onCommandLine(String option) {
      var source = NetworkSource.ofOption(option);
      Function<String, InputException> error =
          message -> new InputException("--network " + option + ": " + message);
      return new Asked(
          source, () -> local(source.file(), error), "--network another=" + source.file(), error);
    }

    private static Path local(String file, Function<String, InputException> error) {
      try {
        return Yaml.localIfPlain(file);
      } catch (IllegalArgumentException e) {
        throw error.apply(Text.of("'%s' is not a path: %s", file, e.getMessage()));
      }
    }

    InputException wrong(String message) {
      return error.apply(message);
    }
  }

  /**
   * Reads them.
   *
   * @param document that has them under the keys {@code networks} and {@code data}
   * @param networks value of {@code networks}
   * @param data value of {@code data}
   * @param options of the command line
   * @throws InputException that names the file, line and key, or the option, of the first thing
   *     that does not fit
   */
  public static Inputs load(
      Yaml.Document<?> document,
      List<NetworkSource> networks,
      DataSource data,
      InputOptions options,
      Configuration hadoop) {
    List<Asked> asked = new ArrayList<>();
    for (NetworkSource source : networks) {
      asked.add(Asked.inFile(document, asked.size(), source));
    }
    options.networks().stream().map(Asked::onCommandLine).forEach(asked::add);
    List<NamedNetwork> loaded = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Asked one : asked) {
      var network = network(one, hadoop);
      if (!names.add(network.name())) {
        throw one.wrong(
            Text.of("a second network called %s; write %s", network.name(), one.rename()));
      }
      loaded.add(network);
    }
    var dataset = dataset(document, data, options.data(), loaded.get(0).network(), hadoop);
    for (int i = 0; i < loaded.size(); i++) {
      requireFit(asked.get(i), loaded.get(i), dataset);
    }
    return new Inputs(List.copyOf(loaded), dataset, asked.stream().map(Asked::error).toList());
  }

  private static NamedNetwork network(Asked asked, Configuration hadoop) {
    Path path = asked.path().get();
    byte[] bytes = bytes(asked, path, hadoop);
    if (bytes.length < 2 || bytes[0] != 'P' || bytes[1] != 'K') {
      throw asked.wrong(
          path
              + ": not a network file; `bitquake import` makes one of an ONNX or TensorFlow Lite model");
    }
    QuantizedNetwork network;
    try {
      network = QnnFile.read(new ByteArrayInputStream(bytes), path.toString());
    } catch (InputException | IOException e) {
      throw asked.wrong(e.getMessage());
    }
    String name = asked.source().name().orElse(network.name());
    return new NamedNetwork(name, path.toString(), bytes, network);
  }

  private static byte[] bytes(Asked asked, Path path, Configuration hadoop) {
    try (var in = path.getFileSystem(hadoop).open(path)) {
      byte[] bytes = in.readNBytes(QnnFile.MAX_BYTES + 1);
      if (bytes.length > QnnFile.MAX_BYTES) {
        throw asked.wrong(path + ": too long for a network file");
      }
      return bytes;
    } catch (FileNotFoundException e) {
      throw asked.wrong(path + ": no such file");
    } catch (IOException e) {
      throw asked.wrong(path + ": cannot be read: " + e.getMessage());
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

  private static void requireFit(Asked asked, NamedNetwork network, Dataset dataset) {
    var shape = network.network().inputShape();
    if (!shape.equals(dataset.shape())) {
      throw asked.wrong(
          Text.of(
              "network %s takes images of %s, but those of %s are %s%s",
              network.name(), shape, dataset.name(), dataset.form(), advice(shape, dataset)));
    }
    if (network.network().classes() != dataset.classes()) {
      throw asked.wrong(
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
