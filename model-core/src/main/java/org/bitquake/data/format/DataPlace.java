package org.bitquake.data.format;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.bitquake.data.DataFile;

/**
 * Where data lie, and which of them are meant.
 *
 * @param split {@code test} or {@code train}, for places that have both
 * @param labels what the format looks for instead of its usual labels: a column, an array, a file
 */
record DataPlace(
    FileSystem files, Path path, boolean isFolder, String split, Optional<String> labels) {
  /** By code points, which is the order of the names' UTF-8 bytes. */
  static final Comparator<String> BY_NAME =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /** A file or folder in a folder. */
  record Entry(String name, Path path, boolean isFolder, long length) {}

  /**
   * The place that people name.
   *
   * @throws InputException if nothing is there
   */
  static DataPlace of(String path, String split, Optional<String> labels, Configuration hadoop) {
    try {
      var there = new Path(path);
      FileSystem files = there.getFileSystem(hadoop);
      if (files instanceof LocalFileSystem local) {
        files = local.getRaw(); // no checksum files beside the data
      }
      FileStatus status = files.getFileStatus(there);
      return new DataPlace(files, status.getPath(), status.isDirectory(), split, labels);
    } catch (FileNotFoundException e) {
      throw new InputException(path + ": no such file or folder", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          Text.of("%s: cannot be used: %s", path, firstLine(e.getMessage())), e);
    }
  }

  private static String firstLine(String message) {
    return String.valueOf(message).lines().findFirst().orElse("");
  }

  /** Another place with the same wishes. */
  DataPlace at(Entry other) {
    return new DataPlace(files, other.path(), other.isFolder(), split, labels);
  }

  /** As people write it. */
  String display() {
    return display(path);
  }

  static String display(Path path) {
    var uri = path.toUri();
    return "file".equals(uri.getScheme()) ? uri.getPath() : path.toString();
  }

  /** What the data are called, which does not depend on where they lie. */
  String title() {
    return path.getName().isEmpty() ? "data" : path.getName();
  }

  /**
   * What is in a folder, by name. Hidden files are left out: names that begin with a point, and
   * those that systems leave behind.
   *
   * @throws InputException also if something is there that cannot be opened
   */
  List<Entry> list(Path folder) {
    FileStatus[] found;
    try {
      found = files.listStatus(folder);
      requireAll(folder, found);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          Text.of("%s: cannot be listed: %s", display(folder), firstLine(e.getMessage())), e);
    }
    return Arrays.stream(found)
        .map(s -> new Entry(s.getPath().getName(), s.getPath(), s.isDirectory(), s.getLen()))
        .filter(e -> !isHidden(e.name()))
        .sorted(Comparator.comparing(Entry::name, BY_NAME))
        .toList();
  }

  /** What is in this folder. */
  List<Entry> list() {
    return list(path);
  }

  /** Files in this folder, by name. */
  List<Entry> filesNamed(Predicate<String> name) {
    return list().stream().filter(e -> !e.isFolder() && name.test(e.name())).toList();
  }

  /** Hadoop leaves out, without a word, local files that Java cannot open by their names. */
  private void requireAll(Path folder, FileStatus[] found) {
    String[] names =
        files instanceof RawLocalFileSystem ? new File(folder.toUri().getPath()).list() : null;
    if (names == null || names.length == found.length) {
      return;
    }
    Set<String> known =
        Arrays.stream(found).map(s -> s.getPath().getName()).collect(Collectors.toSet());
    for (String name : names) {
      if (!known.contains(name)) {
        throw new InputException(
            Text.of(
                "%s: '%s' cannot be opened: a broken link, or a name that is not in the encoding of"
                    + " this system (try LC_ALL=C.UTF-8)",
                display(folder), name.replaceAll("\\p{Cntrl}", "?")));
      }
    }
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.equals("Thumbs.db") || name.equals("desktop.ini");
  }

  /** A file as it is read. */
  DataFile file(Path file, long length) {
    return DataFile.own(display(file), length, () -> files.open(file));
  }

  /** A file as it is read. */
  DataFile file(Entry entry) {
    return file(entry.path(), entry.length());
  }

  /** This place, a file. */
  DataFile file() {
    try {
      return file(path, files.getFileStatus(path).getLen());
    } catch (IOException e) {
      throw new InputException(Text.of("%s: cannot be read: %s", display(), DataFile.reason(e)), e);
    }
  }
}
