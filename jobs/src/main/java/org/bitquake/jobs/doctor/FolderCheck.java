package org.bitquake.jobs.doctor;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bitquake.Text;

/**
 * Whether files can be written to a folder, and how much fits. The folder need not exist: then its
 * nearest parent is tried. Nothing is left behind.
 *
 * @param subject what the folder is for
 * @param folder a Hadoop path
 * @param wanted free space that there should be, bytes
 * @param fix how to use another folder
 */
record FolderCheck(String subject, String folder, long wanted, String fix, Configuration hadoop)
    implements Check {
  private static final byte[] SAMPLE = new byte[4096];

  @Override
  public List<Finding> look() {
    try {
      Path path = new Path(folder);
      FileSystem files = path.getFileSystem(hadoop);
      Path there = nearest(files, files.makeQualified(path));
      write(files, there);
      return List.of(space(files, there));
    } catch (IOException | IllegalArgumentException e) {
      return List.of(
          Finding.problem(subject, Text.of("%s cannot be written to: %s", folder, e), fix));
    }
  }

  private Finding space(FileSystem files, Path there) throws IOException {
    long free = files.getStatus(there).getRemaining();
    String found = Text.of("%s is writable, %s free", folder, Bytes.text(free));
    return free >= wanted
        ? Finding.ok(subject, found)
        : Finding.warning(subject, found + ", which may not last", "make room there; or " + fix);
  }

  private static Path nearest(FileSystem files, Path path) throws IOException {
    Path there = path;
    while (!files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!files.getFileStatus(there).isDirectory()) {
      throw new IOException(there.toUri().getPath() + " is a file");
    }
    return there;
  }

  private static void write(FileSystem files, Path there) throws IOException {
    Path sample = new Path(there, "bitquake-doctor-" + UUID.randomUUID());
    try (var out = files.create(sample, false)) {
      out.write(SAMPLE);
    } finally {
      files.delete(sample, false);
    }
  }
}
