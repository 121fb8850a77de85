package org.bitquake.jobs.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bitquake.jobs.figure.FigureFiles;
import org.bitquake.jobs.store.ResultDirectory;

/**
 * Which figure files a directory has of which page: a small file beside them, so that what is drawn
 * already is not drawn again.
 */
final class DrawnFigures {
  private static final String FILE = ".drawn";
  private static final int MOST_BYTES = 1 << 16;

  private DrawnFigures() {}

  /** Remembers that these files, in the directory's folder of figures, are those of a page. */
  static void remember(
      Configuration hadoop, String directory, String fingerprint, List<Path> files) {
    var text = new StringBuilder(fingerprint);
    files.forEach(file -> text.append('\n').append(file.getName()));
    byte[] bytes = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    FigureFiles.write(Map.of(FILE, bytes), folder(directory), hadoop);
  }

  /**
   * The files that were drawn of a page.
   *
   * @return empty unless all of them are there
   */
  static Optional<List<Path>> of(Configuration hadoop, String directory, String fingerprint)
      throws IOException {
    Path folder = folder(directory);
    var fs = folder.getFileSystem(hadoop);
    Path index = new Path(folder, FILE);
    if (!fs.exists(index)) {
      return Optional.empty();
    }
    List<String> lines;
    try (var in = fs.open(index)) {
      lines = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).lines().toList();
    }
    if (lines.isEmpty() || !lines.get(0).equals(fingerprint)) {
      return Optional.empty();
    }
    var names = lines.subList(1, lines.size()).stream().filter(n -> n.matches("[\\w.-]+")).toList();
    var files = names.stream().map(name -> new Path(folder, name)).toList();
    for (Path file : files) {
      if (!fs.exists(file)) {
        return Optional.empty();
      }
    }
    return Optional.of(files);
  }

  private static Path folder(String directory) {
    return new Path(directory, ResultDirectory.FIGURES);
  }
}
