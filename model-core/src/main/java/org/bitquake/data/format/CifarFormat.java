package org.bitquake.data.format;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.CifarReader;
import org.bitquake.data.CifarReader.Form;
import org.bitquake.data.DataFile;
import org.bitquake.data.Dataset;
import org.bitquake.data.Datasets;
import org.bitquake.data.Pixels;
import org.bitquake.data.format.DataPlace.Entry;

/** The binary files of CIFAR-10 and CIFAR-100: one of them, or a folder that has them. */
final class CifarFormat {
  private static final String TEN = "test_batch.bin|data_batch_[1-5].bin";
  private static final String HUNDRED = "test.bin|train.bin";
  private static final String FOLDERS = "cifar-10-batches-bin|cifar-100-binary";

  private CifarFormat() {}

  /** Which of the two a file is, by its name or else its length. */
  static Optional<DataFormat> of(DataPlace place) {
    String name = place.path().getName();
    if (!name.endsWith(".bin")) {
      return Optional.empty();
    }
    if (name.matches(TEN)) {
      return Optional.of(DataFormat.CIFAR_10);
    }
    if (name.matches(HUNDRED)) {
      return Optional.of(DataFormat.CIFAR_100);
    }
    long length = place.file().length();
    boolean ten = length % Form.CIFAR_10.record() == 0;
    boolean hundred = length % Form.FINE.record() == 0;
    if (ten && hundred) {
      throw new InputException(
          Text.of(
              "%s: may be cifar-10's or cifar-100's by its length; say format", place.display()));
    }
    return ten
        ? Optional.of(DataFormat.CIFAR_10)
        : hundred ? Optional.of(DataFormat.CIFAR_100) : Optional.empty();
  }

  /** Which of the two a folder has. */
  static Optional<DataFormat> in(DataPlace place) {
    DataPlace folder = inner(place);
    if (!folder.filesNamed(name -> name.matches(TEN)).isEmpty()) {
      return Optional.of(DataFormat.CIFAR_10);
    }
    return folder.filesNamed(name -> name.matches(HUNDRED)).isEmpty()
        ? Optional.empty()
        : Optional.of(DataFormat.CIFAR_100);
  }

  private static DataPlace inner(DataPlace place) {
    return place.list().stream()
        .filter(e -> e.isFolder() && e.name().matches(FOLDERS))
        .findFirst()
        .map(place::at)
        .orElse(place);
  }

  static LabelledImages openCifar10(DataPlace place) {
    if (place.labels().isPresent()) {
      throw new InputException(place.display() + ": has one kind of labels; leave labels out");
    }
    List<String> files =
        place.split().equals(Datasets.TRAIN)
            ? IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList()
            : List.of("test_batch.bin");
    return open(place, files, Form.CIFAR_10, Datasets.CIFAR_10_NAMES);
  }

  static LabelledImages openCifar100(DataPlace place) {
    var form = Datasets.cifar100(place.labels());
    List<String> numbers = IntStream.range(0, form.classes()).mapToObj(i -> "" + i).toList();
    return open(place, List.of(place.split() + ".bin"), form, names(place, form).orElse(numbers));
  }

  private static Optional<List<String>> names(DataPlace place, Form form) {
    var folder = place.isFolder() ? inner(place).path() : place.path().getParent();
    String file = CifarReader.namesFile(form);
    return place.list(folder).stream()
        .filter(e -> e.name().equals(file))
        .findFirst()
        .map(e -> CifarReader.names(place.file(e)))
        .filter(names -> names.size() == form.classes());
  }

  private static LabelledImages open(
      DataPlace place, List<String> names, Form form, List<String> classes) {
    List<DataFile> files = place.isFolder() ? files(inner(place), names) : List.of(place.file());
    String title = place.isFolder() ? place.title() + "/" + place.split() : place.title();
    Dataset all = CifarReader.read(title, files, form);
    return new LabelledImages(
        title,
        new Labels(IntStream.range(0, all.size()).map(all::label).toArray(), classes),
        i -> Text.of("image %d of %s", i, title),
        new LabelledImages.Decoded(new Pixels(all.shape(), all.pixels())));
  }

  private static List<DataFile> files(DataPlace folder, List<String> names) {
    List<Entry> there = folder.filesNamed(names::contains);
    if (there.size() != names.size()) {
      throw new InputException(
          Text.of(
              "%s: %d of the files %s", folder.display(), there.size(), String.join(", ", names)));
    }
    return there.stream().map(folder::file).toList();
  }
}
