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
  private static final Logger LOG = LoggerFactory.getLogger(Datasets.class);
  private static final Shape FASHION_MNIST_SHAPE = new Shape(1, 28, 28);
  private static final int CLASSES = 10;

  private Datasets() {}

  /**
   * Loads a split of a data set.
   *
   * <p>Without a directory there are Fashion-MNIST's 10,000 test images, and for {@code train} an
   * excerpt of 10,000 training images (1,000 a class), which is named {@code
   * fashion-mnist/train-10k}.
   *
   * @param name {@code fashion-mnist} or {@code cifar-10}
   * @param split {@code train} or {@code test}
   * @param directory a Hadoop path ({@code file:}, {@code hdfs:}, {@code s3a:}) that holds the
   *     set's files, itself or in its sub-folder {@code name}; empty for what travels in the jar
   * @throws InputException if there is no such set or a file is missing or damaged
   */
  public static Dataset load(
      String name, String split, Optional<String> directory, Configuration hadoop) {
    Source source = Source.named(name, Source.PUBLISHED);
    if (!split.equals("train") && !split.equals("test")) {
      throw new InputException(
          Text.of("data set %s has no split '%s'; known are train, test", name, split));
    }
    if (directory.isEmpty()) {
      return bundled(name, split);
    }
    var folder = new DataFolder(source, directory.get(), hadoop);
    boolean train = split.equals("train");
    return switch (name) {
      case "fashion-mnist" -> {
        String prefix = train ? "train" : "t10k";
        yield fashionMnist(
            split,
            folder.require(List.of(imagesOf(prefix), labelsOf(prefix))),
            train ? 60_000 : 10_000);
      }
      case "cifar-10" -> {
        List<String> files =
            train
                ? IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList()
                : List.of("test_batch.bin");
        var loaded = CifarReader.read(name + "/" + split, folder.require(files), CLASSES);
        yield checkSize(loaded, train ? 50_000 : 10_000);
      }
      default -> throw new IllegalStateException("a published source without a reader: " + name);
    };
  }

  private static Dataset bundled(String name, String split) {
    if (!name.equals("fashion-mnist")) {
      throw new InputException(
          Text.of(
              "%s does not travel with bitquake; get it with `bitquake data fetch %s` and say where it"
                  + " is with --data DIR",
              name, name));
    }
    String prefix = "t10k";
    String loadedSplit = split;
    if (split.equals("train")) {
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
        new Dataset("fashion-mnist/" + split, FASHION_MNIST_SHAPE, CLASSES, pixels, labels),
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
