package org.bitquake.jobs.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** What Hadoop's local file system cannot do: create a file only if there is none, atomically. */
final class LocalFiles {
  private LocalFiles() {}

  /**
   * Creates a file with all its bytes, or not at all. Hadoop's renames replace what came between
   * looking and renaming; a link never does, on NFS neither.
   *
   * @throws org.apache.hadoop.fs.FileAlreadyExistsException if there is one already
   */
  static void link(org.apache.hadoop.fs.Path hadoopPath, byte[] bytes) throws IOException {
    Path path = Path.of(hadoopPath.toUri().getPath());
    Files.createDirectories(path.getParent());
    // Hadoop believes the checksum of a file that a user has deleted.
    Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
    Path draft = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      write(draft, bytes);
      link(draft, path, bytes);
    } catch (FileAlreadyExistsException e) {
      var hadoops = new org.apache.hadoop.fs.FileAlreadyExistsException(e.getMessage());
      hadoops.initCause(e);
      throw hadoops;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void link(Path draft, Path path, byte[] bytes) throws IOException {
    try {
      Files.createLink(path, draft);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (FileSystemException | UnsupportedOperationException e) { // without links
      write(path, bytes); // exclusive too, though not all bytes at once
    }
  }

  private static void write(Path path, byte[] bytes) throws IOException {
    try (var out =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    }
  }
}
