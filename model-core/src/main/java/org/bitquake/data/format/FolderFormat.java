package org.bitquake.data.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;
import org.bitquake.data.format.DataPlace.Entry;
import org.bitquake.data.format.LabelledImages.PictureFile;
import org.bitquake.data.picture.PictureDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of pictures: a sub-folder for each class, whose name is the class's, classes and then
 * pictures sorted by name in code-point order; or pictures and {@code labels.csv}, in the order of
 * its lines.
 *
 * <p>Sub-folders called like splits ({@code train}, {@code test}, {@code val}) are not classes: the
 * one that is wanted is the folder. Files that are no pictures by their names are left out with a
 * warning; pictures in a format that is not read are an error.
 */
final class FolderFormat {
  private static final Logger LOG = LoggerFactory.getLogger(FolderFormat.class);
  private static final Set<String> READ = Set.of("png", "jpg", "jpeg", "jpe", "jfif", "bmp");
  private static final Set<String> NOT_READ =
      Set.of(
          "gif", "webp", "tif", "tiff", "ppm", "pgm", "pnm", "avif", "heic", "heif", "jp2", "tga",
          "ico", "svg", "jxl");
  private static final Set<String> SPLITS = Set.of("train", "test", "val", "valid", "validation");

  /** Folders in folders; more are a link that leads back. */
  private static final int MOST_DEPTH = 16;

  private FolderFormat() {}

  static boolean isIn(DataPlace place) {
    return place.list().stream()
        .anyMatch(e -> e.isFolder() || e.name().equals(LabelsFile.NAME) || isPicture(e.name()));
  }

  static LabelledImages open(DataPlace place) {
    if (!place.isFolder()) {
      throw new InputException(place.display() + ": no folder; name the folder of the pictures");
    }
    List<Entry> entries = place.list();
    for (Entry e : entries) {
      if (!e.isFolder() && e.name().equals(LabelsFile.NAME)) {
        return flat(place, place.file(e));
      }
    }
    List<Entry> folders = entries.stream().filter(Entry::isFolder).toList();
    if (folders.isEmpty()) {
      throw new InputException(
          Text.of(
              "%s: neither a sub-folder for each class nor labels.csv (lines of file,label)",
              place.display()));
    }
    if (folders.stream().allMatch(f -> SPLITS.contains(f.name()))) {
      return split(place, folders);
    }
    for (Entry e : entries) {
      if (!e.isFolder() && isPicture(e.name())) {
        throw new InputException(
            Text.of(
                "%s: a picture beside the sub-folders of the classes, so of no class; move it into"
                    + " one, or write labels.csv",
                DataPlace.display(e.path())));
      }
    }
    return classes(place, folders);
  }

  private static LabelledImages split(DataPlace place, List<Entry> folders) {
    var wanted = folders.stream().filter(f -> f.name().equals(place.split())).findFirst();
    var folder =
        wanted.orElseThrow(
            () ->
                new InputException(
                    Text.of(
                        "%s: has folders of splits, but none called %s",
                        place.display(), place.split())));
    var found = open(place.at(folder));
    return new LabelledImages(
        place.title() + "/" + place.split(), found.labels(), found.where(), found.contents());
  }

  private static LabelledImages classes(DataPlace place, List<Entry> folders) {
    List<Entry> pictures = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    var others = new Others();
    for (int label = 0; label < folders.size(); label++) {
      int before = pictures.size();
      collect(place, folders.get(label), 1, pictures, others);
      if (pictures.size() == before) {
        LOG.warn("{} has no pictures", DataPlace.display(folders.get(label).path()));
      }
      while (labels.size() < pictures.size()) {
        labels.add(label);
      }
    }
    others.warn();
    if (pictures.isEmpty()) {
      throw new InputException(place.display() + ": no PNG, JPEG or BMP pictures in its folders");
    }
    var names = folders.stream().map(Entry::name).toList();
    return images(
        place, new Labels(labels.stream().mapToInt(Integer::intValue).toArray(), names), pictures);
  }

  /** All pictures below a folder, those of a folder sorted by name. */
  private static void collect(
      DataPlace place, Entry folder, int depth, List<Entry> pictures, Others others) {
    if (depth > MOST_DEPTH) {
      throw new InputException(
          Text.of(
              "%s: over %d folders in each other; does a link lead back?",
              DataPlace.display(folder.path()), MOST_DEPTH));
    }
    for (Entry e : place.list(folder.path())) {
      if (e.isFolder()) {
        collect(place, e, depth + 1, pictures, others);
      } else if (isPicture(e.name())) {
        pictures.add(e);
      } else {
        others.add(e);
      }
    }
  }

  private static LabelledImages flat(DataPlace place, DataFile csv) {
    List<LabelsFile.Line> lines = LabelsFile.read(csv);
    Map<String, Entry> found = new HashMap<>();
    var others = new Others();
    find(place, place, "", 1, found, others);
    List<Entry> pictures = new ArrayList<>();
    for (var line : lines) {
      var picture = found.remove(line.file());
      if (picture == null) {
        throw new InputException(
            Text.of(
                "%s, line %d: there is no picture '%s' in %s",
                csv.name(), line.number(), line.file(), place.display()));
      }
      pictures.add(picture);
    }
    var left = found.keySet().stream().min(DataPlace.BY_NAME);
    if (left.isPresent()) {
      throw new InputException(
          Text.of(
              "%s has no label for %d of the pictures, such as '%s'; add them or move them away",
              csv.name(), found.size(), left.get()));
    }
    others.warn();
    return images(place, LabelsFile.labels(csv, lines), pictures);
  }

  private static void find(
      DataPlace place,
      DataPlace folder,
      String prefix,
      int depth,
      Map<String, Entry> found,
      Others others) {
    if (depth > MOST_DEPTH) {
      throw new InputException(
          Text.of(
              "%s: over %d folders in each other; does a link lead back?",
              folder.display(), MOST_DEPTH));
    }
    for (Entry e : folder.list()) {
      if (e.isFolder()) {
        find(place, place.at(e), prefix + e.name() + "/", depth + 1, found, others);
      } else if (isPicture(e.name())) {
        found.put(prefix + e.name(), e);
      } else if (depth > 1 || !e.name().equals(LabelsFile.NAME)) {
        others.add(e);
      }
    }
  }

  private static LabelledImages images(DataPlace place, Labels labels, List<Entry> pictures) {
    return new LabelledImages(
        place.title(),
        labels,
        i -> DataPlace.display(pictures.get(i).path()),
        new LabelledImages.Encoded(consumer -> hand(place, pictures, consumer)));
  }

  private static void hand(DataPlace place, List<Entry> pictures, Consumer<PictureFile> consumer) {
    for (Entry e : pictures) {
      consumer.accept(() -> bytes(place, e));
    }
  }

  private static byte[] bytes(DataPlace place, Entry entry) throws IOException {
    if (entry.length() > PictureDecoder.MAX_BYTES) {
      throw new IOException(
          Text.of("over %d MiB long, which no picture may be", PictureDecoder.MAX_BYTES >> 20));
    }
    try (var in = place.files().open(entry.path())) {
      return in.readNBytes(PictureDecoder.MAX_BYTES);
    }
  }

  private static boolean isPicture(String name) {
    String ending = ending(name);
    return READ.contains(ending) || NOT_READ.contains(ending);
  }

  private static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** Files that are no pictures. */
  private static final class Others {
    private final List<Entry> files = new ArrayList<>();

    void add(Entry file) {
      files.add(file);
    }

    void warn() {
      if (!files.isEmpty()) {
        LOG.warn(
            "left out {} files that are no pictures by their names, such as {}",
            files.size(),
            DataPlace.display(files.get(0).path()));
      }
    }
  }
}
