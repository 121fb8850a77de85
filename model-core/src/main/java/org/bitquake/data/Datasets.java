package org.bitquake.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds data sets by name, in a directory or among those that travel in the jar. */
public final class Datasets {
  /** 28 × 28 grey images of clothes; travels in the jar. */
  public static final String FASHION_MNIST = "fashion-mnist";

  /** 32 × 32 colour images. */
  public static final String CIFAR_10 = "cifar-10";

  /** 32 × 32 colour images of a hundred classes in twenty superclasses. */
  public static final String CIFAR_100 = "cifar-100";

  /** What {@code labels} is for CIFAR-100's superclasses. */
  public static final String COARSE = "coarse";

  /** What {@code labels} is for CIFAR-100's classes, as where nothing is said. */
  public static final String FINE = "fine";

  /** The split that networks learn from. */
  public static final String TRAIN = "train";

  /** The split that networks have not seen. */
  public static final String TEST = "test";

  private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);
  private static final Shape FASHION_MNIST_SHAPE = new Shape(1, 28, 28);
  private static final int CLASSES = 10;
  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /** What CIFAR-10's classes are called. */
  public static final List<String> CIFAR_10_NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Datasets() {}

  /**
   * Loads a split of a data set.
   *
   * <p>Without a directory there are Fashion-MNIST's 10,000 test images, and for {@code train} an
   * excerpt of 10,000 training images (1,000 a class), which is named {@code
   * fashion-mnist/train-10k}.
   *
   * @param name {@code fashion-mnist}, {@code cifar-10} or {@code cifar-100}
   * @param split {@code train} or {@code test}
   * @param directory a Hadoop path ({@code file:}, {@code hdfs:}, {@code s3a:}) that holds the
   *     set's files, itself or in its sub-folder {@code name}; empty for what travels in the jar
   * @throws InputException if there is no such set or a file is missing or damaged
   */
  public static Dataset load(
      String name, String split, Optional<String> directory, Configuration hadoop) {
    return load(name, split, directory, Optional.empty(), hadoop);
  }

  /**
   * The same.
   *
   * @param labels of CIFAR-100: {@code fine} or {@code coarse}
   */
  public static Dataset load(
      String name,
      String split,
      Optional<String> directory,
      Optional<String> labels,
      Configuration hadoop) {
    Source source = Source.named(name, Source.PUBLISHED);
    if (!split.equals(TRAIN) && !split.equals(TEST)) {
      throw new InputException(
          Text.of("data set %s has no split '%s'; known are train, test", name, split));
    }
    if (labels.isPresent() && !name.equals(CIFAR_100)) {
      throw new InputException(
          Text.of("data set %s has one kind of labels; leave labels out", name));
    }
    if (directory.isEmpty()) {
      return bundled(name, split);
    }
    var folder = new DataFolder(source, directory.get(), hadoop);
    boolean train = split.equals(TRAIN);
    return switch (name) {
      case FASHION_MNIST -> {
        String prefix = train ? "train" : "t10k";
        yield fashionMnist(
            split,
            folder.require(List.of(imagesOf(prefix), labelsOf(prefix))),
            train ? 60_000 : 10_000);
      }
      case CIFAR_10 -> {
        List<String> files =
            train
                ? IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList()
                : List.of("test_batch.bin");
        var form = CifarReader.Form.CIFAR_10;
        var loaded = CifarReader.read(name + "/" + split, folder.require(files), form);
        yield checkSize(loaded.withClassNames(CIFAR_10_NAMES), train ? 50_000 : 10_000);
      }
      case CIFAR_100 -> {
        var form = cifar100(labels);
        List<DataFile> files = folder.require(List.of(split + ".bin"));
        var loaded = CifarReader.read(name + "/" + split, files, form);
        var names = folder.classNames(files.get(0), form);
        yield checkSize(loaded.withClassNames(names), train ? 50_000 : 10_000);
      }
      default -> throw new IllegalStateException("a published source without a reader: " + name);
    };
  }

  /**
   * Which of CIFAR-100's labels.
   *
   * @throws InputException if it has none of that name
   */
  public static CifarReader.Form cifar100(Optional<String> labels) {
    return switch (labels.orElse(FINE)) {
      case FINE -> CifarReader.Form.FINE;
      case COARSE -> CifarReader.Form.COARSE;
      default ->
          throw new InputException(
              Text.of("cifar-100 has no labels '%s'; known are fine, coarse", labels.get()));
    };
  }

  private static Dataset bundled(String name, String split) {
    if (!name.equals(FASHION_MNIST)) {
      throw new InputException(
          Text.of(
              "%s does not travel with bitquake; get it with `bitquake data fetch %s` and say where it"
                  + " is with --data DIR",
              name, name));
    }
    String prefix = "t10k";
    String loadedSplit = split;
    if (split.equals(TRAIN)) {
      prefix = "train-10k";
      loadedSplit = "train-10k";
      LOG.warn(
          "fashion-mnist/train without a data directory: using fashion-mnist/train-10k, the excerpt"
              + " of 10,000 training images (1,000 a class) that travels with bitquake; for all"
              + " 60,000 run `bitquake data fetch fashion-mnist` and give --data DIR");
    }
    return fashionMnist(
        loadedSplit, List.of(resource(imagesOf(prefix)), resource(labelsOf(prefix))), 10_000);
  }

  private static Dataset fashionMnist(String split, List<DataFile> files, int published) {
    byte[] labels = IdxReader.labels(files.get(1), CLASSES);
    byte[] pixels = IdxReader.images(files.get(0), FASHION_MNIST_SHAPE);
    int images = pixels.length / FASHION_MNIST_SHAPE.size();
    if (images != labels.length) {
      throw files
          .get(0)
          .damaged(
              Text.of(
                  "has %d images, but %s has %d labels",
                  images, files.get(1).name(), labels.length));
    }
    return checkSize(
        new Dataset(
            "fashion-mnist/" + split, FASHION_MNIST_SHAPE, CLASSES, pixels, labels, CLOTHES),
        published);
  }

  /** Other numbers of images are useful for trials, but should not pass unseen. */
  private static Dataset checkSize(Dataset loaded, int published) {
    if (loaded.size() != published) {
      LOG.warn(
          "{} has {} images here, not the published {}", loaded.name(), loaded.size(), published);
    }
    return loaded;
  }

  private static DataFile resource(String file) {
    String path = "fashion-mnist/" + file + ".gz";
    URL url = Datasets.class.getResource(path);
    if (url == null) {
      throw new IllegalStateException("the jar lacks " + path);
    }
    try (InputStream in = url.openStream()) {
      byte[] bytes = in.readAllBytes();
      return new DataFile("bundled " + path, bytes.length, () -> new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException(Text.of("the jar's %s cannot be read", path), e);
    }
  }

  private static String imagesOf(String prefix) {
    return prefix + "-images-idx3-ubyte";
  }

  private static String labelsOf(String prefix) {
    return prefix + "-labels-idx1-ubyte";
  }
}
