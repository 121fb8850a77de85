package org.bitquake.jobs.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system but for one thing: permissions are set by this process. Without its
 * native library Hadoop starts {@code chmod} for each file and each directory that it makes, a
 * dozen for a small table.
 */
public final class LocalDisk extends LocalFileSystem {
  private static final URI NAME = URI.create("file:///");
  private static final String CLASS = "fs.file.impl";

  /** Hadoop makes it. */
  public LocalDisk() {
    super(new Raw());
  }

  /**
   * Lets this process use it for all local files from now on, unless another file system is
   * configured for them or some have been used already. Other processes, such as executors, are not
   * told.
   */
  public static void use() {
    var hadoop = new Configuration();
    if (hadoop.get(CLASS) == null) {
      hadoop.setClass(CLASS, LocalDisk.class, FileSystem.class);
      try {
        FileSystem.get(NAME, hadoop); // Hadoop keeps the first of a process.
      } catch (IOException e) {
        return; // Who needs files is told what is wrong.
      }
    }
  }

  /** The files themselves, without checksums beside them. */
  public static class Raw extends RawLocalFileSystem {
    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      if (permission.getStickyBit()) {
        super.setPermission(path, permission); // Java has no name for it.
        return;
      }
      String modes =
          permission.getUserAction().SYMBOL
              + permission.getGroupAction().SYMBOL
              + permission.getOtherAction().SYMBOL;
      Files.setPosixFilePermissions(
          pathToFile(path).toPath(), PosixFilePermissions.fromString(modes));
    }
  }
}
