package org.bitquake.network;

import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.UnwritableException;

/** Writes files so that nobody ever sees half of one, on any Hadoop file system. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes what a file holds. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** As the other, for content that is in memory. */
  public static void write(byte[] content, Path path, Configuration hadoop, boolean overwrite)
      throws IOException {
    write(out -> out.write(content), path, hadoop, overwrite);
  }

  /**
   * Writes to a temporary name first, then renames.
   *
   * @throws InputException if the file exists and {@code overwrite} is false
   * @throws UnwritableException if the file system refuses
   */
  public static void write(Content content, Path path, Configuration hadoop, boolean overwrite)
      throws IOException {
    FileSystem files = plain(path.getFileSystem(hadoop));
    Path target = path.makeQualified(files.getUri(), files.getWorkingDirectory());
    if (!overwrite && files.exists(target)) {
      throw exists(path, null);
    }
    var temporary =
        new Path(target.getParent(), "." + target.getName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out = files.create(temporary, false)) {
        content.writeTo(out);
      }
      FileContext.getFileContext(target.toUri(), hadoop)
          .rename(temporary, target, overwrite ? Rename.OVERWRITE : Rename.NONE);
    } catch (FileAlreadyExistsException e) {
      throw exists(path, e);
    } catch (IOException | FSError e) { // Hadoop makes an error of what a local disk refuses
      throw UnwritableException.of(path, e);
    } finally {
      files.delete(temporary, false);
    }
  }

  /**
   * Checks, before the work that a file is to hold, that it is not there yet.
   *
   * @throws InputException if it is
   */
  public static void requireNew(Path path, Configuration hadoop) throws IOException {
    if (path.getFileSystem(hadoop).exists(path)) {
      throw exists(path, null);
    }
  }

  private static InputException exists(Path path, Exception cause) {
    return new InputException(
        path + ": the file exists; choose another name or ask for it to be overwritten", cause);
  }

  /** Local files without Hadoop's .crc companions: the files have hashes of their own. */
  static FileSystem plain(FileSystem files) {
    return files instanceof LocalFileSystem local ? local.getRaw() : files;
  }
}
