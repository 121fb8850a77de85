package org.bitquake.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivilegedExceptionAction;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Local files as Hadoop's own file system makes them, without a process for each. */
class LocalDiskTest {
  private static final URI FILES = URI.create("file:///");

  @TempDir Path folder;

  private static <F extends FileSystem> F ready(F fs, Configuration hadoop) throws IOException {
    fs.initialize(FILES, hadoop);
    return fs;
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }

  @ParameterizedTest
  @ValueSource(strings = {"000", "644", "755", "700", "421", "142", "777", "1777"})
  void modesAreThoseThatChmodSets(String octal) throws IOException {
    var mode = new FsPermission(Short.parseShort(octal, 8));
    Path ours = Files.createFile(folder.resolve("ours"));
    Path theirs = Files.createFile(folder.resolve("theirs"));
    ready(new LocalDisk(), new Configuration()).setPermission(path(ours), mode);
    ready(new LocalFileSystem(), new Configuration()).setPermission(path(theirs), mode);

    assertThat(Files.getAttribute(ours, "unix:mode"))
        .isEqualTo(Files.getAttribute(theirs, "unix:mode"));
  }

  @Test
  void filesDirectoriesAndChecksumsAreMadeAlike() throws IOException {
    var hadoop = new Configuration();
    hadoop.set("fs.permissions.umask-mode", "027");
    write(ready(new LocalDisk(), hadoop), folder.resolve("ours"));
    write(ready(new LocalFileSystem(), hadoop), folder.resolve("theirs"));

    assertThat(listing(folder.resolve("ours")))
        .hasSize(4)
        .isEqualTo(listing(folder.resolve("theirs")));
  }

  private static void write(FileSystem fs, Path root) throws IOException {
    try (var out = fs.create(path(root.resolve("part/rows")))) {
      out.write(1);
    }
  }

  private static List<String> listing(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var all = Files.walk(root)) {
      for (Path file : all.sorted().toList()) {
        lines.add(root.relativize(file) + " " + Files.getAttribute(file, "unix:mode"));
      }
    }
    return lines;
  }

  @Test
  void aProcessUsesItFromTheStart() throws Exception {
    var somebody = UserGroupInformation.createRemoteUser("somebody"); // who has used no files yet
    PrivilegedExceptionAction<FileSystem> first =
        () -> {
          LocalDisk.use();
          return FileSystem.get(FILES, new Configuration());
        };
    assertThat(somebody.doAs(first)).isInstanceOf(LocalDisk.class);
    FileSystem.closeAllForUGI(somebody);
  }
}
