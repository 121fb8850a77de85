package org.bitquake.data.format;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;
import org.bitquake.data.IdxReader;
import org.bitquake.data.Pixels;
import org.bitquake.data.format.DataPlace.Entry;

/**
 * A pair of IDX files, plain or compressed with gzip, as of MNIST, KMNIST and EMNIST: images {@code
 * …images-idx3-ubyte} and beside them labels {@code …labels-idx1-ubyte}. In a folder with several
 * pairs the one of a split has {@code train}, {@code t10k} or {@code test} in its name.
 */
final class IdxFormat {
  private static final int MOST_CLASSES = 256;

  private IdxFormat() {}

  static boolean isAt(DataPlace place) {
    return IdxReader.hasImages(place.file());
  }

  static boolean isIn(DataPlace place) {
    return !images(place).isEmpty();
  }

  private static List<Entry> images(DataPlace place) {
    return place.filesNamed(name -> name.toLowerCase(Locale.ROOT).contains("idx3"));
  }

  static LabelledImages open(DataPlace place) {
    DataFile images = place.isFolder() ? place.file(ofSplit(place)) : place.file();
    DataFile labels = labels(place, new Path(images.name()));
    Pixels pixels = IdxReader.images(images);
    var numbers = Labels.numbers(IdxReader.labels(labels, MOST_CLASSES));
    if (pixels.count() != numbers.count()) {
      throw images.damaged(
          Text.of(
              "has %d images, but %s has %d labels",
              pixels.count(), labels.name(), numbers.count()));
    }
    return new LabelledImages(
        title(place),
        numbers,
        i -> Text.of("image %d of %s", i, images.name()),
        new LabelledImages.Decoded(pixels));
  }

  private static String title(DataPlace place) {
    return place.isFolder() && images(place).size() > 1
        ? place.title() + "/" + place.split()
        : place.title();
  }

  private static Entry ofSplit(DataPlace place) {
    List<Entry> all = images(place);
    List<Entry> fit = all.stream().filter(e -> isOf(place.split(), e.name())).toList();
    List<Entry> chosen = all.size() == 1 ? all : fit;
    if (chosen.size() != 1) {
      throw new InputException(
          Text.of(
              "%s: %d IDX files of images, %d of them of split %s by their names; name one of them",
              place.display(), all.size(), fit.size(), place.split()));
    }
    return chosen.get(0);
  }

  private static boolean isOf(String split, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean test = lower.contains("t10k") || lower.contains("test");
    return split.equals("train") ? lower.contains("train") && !test : test;
  }

  private static DataFile labels(DataPlace place, Path images) {
    Path folder = place.isFolder() ? place.path() : place.path().getParent();
    String name =
        place.labels().orElse(images.getName().replace("images", "labels").replace("idx3", "idx1"));
    String plain = name.replaceFirst("\\.gz$", "");
    List<Entry> files = place.list(folder);
    Optional<Entry> found =
        Stream.of(name, plain, plain + ".gz")
            .flatMap(n -> files.stream().filter(e -> e.name().equals(n)))
            .filter(e -> !e.name().equals(images.getName()))
            .findFirst();
    return place.file(
        found.orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "%s: no labels %s beside it; say what their file is called with labels",
                        images, name))));
  }
}
