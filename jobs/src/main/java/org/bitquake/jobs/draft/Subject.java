package org.bitquake.jobs.draft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.Datasets;
import org.bitquake.data.Shape;
import org.bitquake.network.Convolution;
import org.bitquake.network.QnnFile;
import org.bitquake.network.QuantizedNetwork;

/**
 * The networks that a file is written for, and the images that they take.
 *
 * @param networks at least one
 * @param dataset its name; empty where bitquake has none for these networks
 */
record Subject(List<Member> networks, Optional<String> dataset) {
  /** From here on faults add up over so many layers that small rates matter. */
  private static final int DEEP = 6;

  /** Multiply-accumulates of an image from which a trial takes long. */
  private static final long SLOW = 100_000_000;

  private static final int CLASSES = 10;
  private static final int CIFAR_100_CLASSES = 100;
  private static final Shape CIFAR = new Shape(3, 32, 32);

  /**
   * A network.
   *
   * @param file where it was read
   * @param rename another name, where a network before it has its own
   */
  record Member(Path file, QuantizedNetwork network, Optional<String> rename) {}

  /**
   * Reads networks.
   *
   * @param data where the user says that images are; a file is not the folder of a data set
   * @throws InputException if one cannot be read, takes other images than the first, or without
   *     images of the user's own none that bitquake knows
   */
  static Subject read(List<Path> files, Optional<String> data, Configuration hadoop)
      throws IOException {
    Set<String> names = new HashSet<>();
    List<Member> members = new ArrayList<>();
    for (Path file : files) {
      var network = QnnFile.read(file, hadoop);
      members.add(new Member(file, network, rename(network.name(), names)));
    }
    var first = members.get(0).network();
    boolean file = data.isPresent() && isFile(new Path(data.get()), hadoop);
    Optional<String> dataset = file ? Optional.empty() : dataset(first, data.isPresent());
    for (var member : members) {
      var network = member.network();
      if (!network.inputShape().equals(first.inputShape())
          || network.classes() != first.classes()) {
        throw new InputException(
            Text.of(
                "%s takes images of %s, but %s those of %s; write a file for each",
                network.name(), images(network), first.name(), images(first)));
      }
    }
    return new Subject(List.copyOf(members), dataset);
  }

  private static Optional<String> rename(String name, Set<String> taken) {
    if (taken.add(name)) {
      return Optional.empty();
    }
    int number = 2;
    while (!taken.add(name + "-" + number)) {
      number++;
    }
    return Optional.of(name + "-" + number);
  }

  private static boolean isFile(Path path, Configuration hadoop) throws IOException {
    var files = path.getFileSystem(hadoop);
    return files.exists(path) && files.getFileStatus(path).isFile();
  }

  private static String images(QuantizedNetwork network) {
    return dataset(network, true)
        .orElse(Text.of("%s in %d classes", network.inputShape(), network.classes()));
  }

  private static Optional<String> dataset(QuantizedNetwork network, boolean own) {
    boolean known = network.classes() == CLASSES;
    if (known && network.inputShape().equals(new Shape(1, 28, 28))) {
      return Optional.of(Datasets.FASHION_MNIST);
    }
    if (known && network.inputShape().equals(CIFAR)) {
      return Optional.of(Datasets.CIFAR_10);
    }
    if (network.classes() == CIFAR_100_CLASSES && network.inputShape().equals(CIFAR)) {
      return Optional.of(Datasets.CIFAR_100);
    }
    if (own) {
      return Optional.empty();
    }
    throw new InputException(
        Text.of(
            "network %s takes images of %s and knows %d classes; bitquake has fashion-mnist (1×28×28) and cifar-10 (3×32×32), both of 10 classes, and cifar-100; say where images of your own are with --data PATH",
            network.name(), network.inputShape(), network.classes()));
  }

  /** The one with the most to compute. */
  QuantizedNetwork largest() {
    return networks.stream()
        .map(Member::network)
        .max(Comparator.comparingLong(QuantizedNetwork::macs))
        .orElseThrow();
  }

  boolean deep() {
    return largest().weightLayers().size() >= DEEP;
  }

  boolean slow() {
    return largest().macs() >= SLOW;
  }

  /** Whether a network has nothing but fully connected layers. */
  boolean dense() {
    return networks.stream()
        .anyMatch(
            member -> member.network().weightLayers().stream().allMatch(Convolution::isDense));
  }

  boolean bundled() {
    return dataset.equals(Optional.of(Datasets.FASHION_MNIST));
  }

  /** Names of the weight layers that all networks have. */
  List<String> layers() {
    List<String> common = new ArrayList<>(layers(networks.get(0)));
    networks.forEach(member -> common.retainAll(layers(member)));
    return common;
  }

  private static List<String> layers(Member member) {
    return member.network().weightLayers().stream().map(Convolution::name).toList();
  }

  /** The most significant bit that all networks have. */
  int topBit() {
    return networks.stream()
            .flatMap(member -> member.network().weightLayers().stream())
            .mapToInt(layer -> layer.weights().bits())
            .min()
            .orElseThrow()
        - 1;
  }

  /** What the names of the networks begin with, fit for a folder. */
  Optional<String> name() {
    String common = networks.get(0).network().name();
    for (var member : networks) {
      while (!member.network().name().startsWith(common)) {
        common = common.substring(0, common.length() - 1);
      }
    }
    return Optional.of(common.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[-.]+|[-.]+$", ""))
        .filter(name -> !name.isEmpty());
  }

  /**
   * The value of {@code data}.
   *
   * @param where the images lie, as the file names it; empty for what travels with bitquake
   */
  String data(Optional<String> where) {
    return dataset
        .map(
            name ->
                Text.of(
                    "{name: %s%s}",
                    name, where.map(d -> ", directory: " + DraftText.quoted(d)).orElse("")))
        .orElseGet(() -> Text.of("{path: %s}", DraftText.quoted(where.orElseThrow())));
  }

  /** What is to be fetched first, if anything. */
  Optional<String> needs() {
    return bundled() ? Optional.empty() : dataset.map(name -> "bitquake data fetch " + name);
  }
}
