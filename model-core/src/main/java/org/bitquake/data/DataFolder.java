package org.bitquake.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Finds the files of a data set under a directory on any Hadoop file system: in the directory
 * itself or in {@code DIR/NAME}, there also in the archive's own folder if it has one, each file as
 * {@code x.gz} or as {@code x} ({@code x.gz} wins).
 */
final class DataFolder {
  private final FileSystem fs;
  private final Path directory;
  private final Set<Path> folders;
  private final Source source;

  /**
   * @throws InputException if {@code directory} is not a path of a known file system
   */
  DataFolder(Source source, String directory, Configuration hadoop) {
    this.source = source;
    try {
      Path path = new Path(directory);
      fs = path.getFileSystem(hadoop);
      this.directory = fs.makeQualified(path);
    } catch (IOException | IllegalArgumentException e) {
      throw new InputException(
          Text.of(
                  "data directory '%s' cannot be used: %s; give a path such as data, file:/data or",
                  directory, e.getMessage())
              + " hdfs://host/data",
          e);
    }
    folders = new LinkedHashSet<>();
    for (Path base : List.of(this.directory, new Path(this.directory, source.name()))) {
      folders.add(base);
      source.folder().ifPresent(f -> folders.add(new Path(base, f)));
    }
  }

  /**
   * All of {@code names}, from the first folder that has any of them.
   *
   * @throws InputException if no folder has any, or that folder lacks one
   */
  List<DataFile> require(List<String> names) {
    Path folder = folderOf(names).orElseThrow(() -> nothing(names));
    return names.stream()
        .map(
            name ->
                find(folder, name)
                    .orElseThrow(
                        () ->
                            new InputException(
                                Text.of(
                                    "%s lacks %s (or %s.gz); get it with `bitquake data fetch %s`",
                                    folder, name, name, source.name()))))
        .toList();
  }

  /** The first folder that has any of the files, if one has. */
  Optional<Path> folderOf(List<String> names) {
    return folders.stream()
        .filter(folder -> names.stream().anyMatch(name -> find(folder, name).isPresent()))
        .findFirst();
  }

  Optional<DataFile> find(Path folder, String name) {
    return status(new Path(folder, name + ".gz"))
        .or(() -> status(new Path(folder, name)))
        .map(s -> new DataFile(display(s.getPath()), s.getLen(), () -> fs.open(s.getPath())));
  }

  /** What CIFAR-100's classes are called, if the text with their names lies with the data. */
  List<String> classNames(DataFile data, CifarReader.Form form) {
    Path folder = new Path(data.name()).getParent();
    var names = find(folder, CifarReader.namesFile(form)).map(CifarReader::names);
    return names.filter(n -> n.size() == form.classes()).orElse(List.of());
  }

  InputException nothing(List<String> names) {
    return new InputException(
        Text.of(
                "no %s (or .gz) in %s; get the data with `bitquake data fetch %s --data DIR` or point --data",
                names.get(0),
                folders.stream().map(DataFolder::display).collect(Collectors.joining(", ")),
                source.name())
            + " at a directory that has them");
  }

  private Optional<FileStatus> status(Path path) {
    try {
      return Optional.of(fs.getFileStatus(path)).filter(FileStatus::isFile);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new InputException(
          Text.of(
              "%s cannot be looked up: %s; check the address and your access to it",
              display(path), DataFile.reason(e)),
          e);
    }
  }

  /** A local path as people write it. */
  private static String display(Path path) {
    var uri = path.toUri();
    return "file".equals(uri.getScheme()) ? uri.getPath() : path.toString();
  }
}
