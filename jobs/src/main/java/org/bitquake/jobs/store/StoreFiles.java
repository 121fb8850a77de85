package org.bitquake.jobs.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.bitquake.InputException;
import org.bitquake.Sha256;
import org.bitquake.Text;
import org.bitquake.UnwritableException;

/** The few things done with files, on any file system that Hadoop knows. */
public final class StoreFiles {
  private static final int MAX_SMALL = 16 << 20;
  private static final int BUFFER = 1 << 16;

  /** A file becomes visible with its last byte there, and renaming is copying. */
  private static final Set<String> OBJECT_STORES = Set.of("s3a", "s3", "gs", "oss", "cosn");

  /** Where a file's time can be set without writing it. */
  private static final Set<String> WITH_TIMES = Set.of("file", "hdfs");

  private final FileSystem fs;
  private final Configuration hadoop;

  public StoreFiles(FileSystem fs, Configuration hadoop) {
    this.fs = fs;
    this.hadoop = hadoop;
  }

  /**
   * For the file system of a path.
   *
   * @throws InputException if there is no such file system
   */
  static StoreFiles of(Path path, Configuration hadoop) {
    try {
      return new StoreFiles(path.getFileSystem(hadoop), hadoop);
    } catch (IOException e) {
      throw new InputException(path + ": cannot be used: " + e.getMessage(), e);
    }
  }

  /** True if there is a file or directory. */
  public boolean exists(Path path) {
    try {
      return fs.exists(path);
    } catch (IOException e) {
      throw failed(path, "cannot be looked at", e);
    }
  }

  /** What a directory holds; nothing if there is none. */
  public List<FileStatus> list(Path directory) {
    try {
      return List.of(fs.listStatus(directory));
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed(directory, "cannot be listed", e);
    }
  }

  /** Deletes a file or directory, if it is there. */
  public void delete(Path path) {
    try {
      if (!fs.delete(path, true) && fs.exists(path)) {
        throw new IOException("the file system refuses");
      }
    } catch (IOException e) {
      throw failed(path, "cannot be deleted", e);
    }
  }

  /** All bytes of a file of at most 16 MiB. */
  public byte[] readSmall(Path path) {
    try (var in = fs.open(path)) {
      byte[] bytes = in.readNBytes(MAX_SMALL + 1);
      if (bytes.length > MAX_SMALL) {
        throw new InputException(path + ": longer than 16 MiB, which nothing here writes");
      }
      return bytes;
    } catch (IOException e) {
      throw failed(path, "cannot be read", e);
    }
  }

  /** SHA-256 of a file, hex. */
  public String sha256(Path path) {
    try (var in = fs.open(path)) {
      var sha = Sha256.digest();
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (IOException e) {
      throw failed(path, "cannot be read", e);
    }
  }

  /**
   * Writes a file that appears with all its bytes or not at all. On object stores in one request;
   * elsewhere under another name in the same directory first, flushed to disk, then given its name:
   * by a link where the file system is local, by a rename elsewhere.
   *
   * @throws FileAlreadyExistsException if there is one already; it stays as it is
   * @throws UnwritableException if the file system refuses
   */
  public void writeOnce(Path path, byte[] bytes) throws FileAlreadyExistsException {
    try {
      if (OBJECT_STORES.contains(fs.getScheme())) {
        put(path, bytes, false);
      } else if (isLocal()) {
        LocalFiles.link(path, bytes);
      } else {
        rename(path, bytes);
      }
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      throw UnwritableException.of(path, e);
    }
  }

  /**
   * Whether {@link #writeOnce} lets only one of several writers at the same moment succeed. Where
   * not, each of them may, and the last one's bytes stay.
   */
  boolean createsExclusively() {
    return !OBJECT_STORES.contains(fs.getScheme());
  }

  /**
   * Gives a file a new time, where need be by writing it again.
   *
   * @param bytes that it has
   */
  void touch(Path path, byte[] bytes) {
    try {
      if (WITH_TIMES.contains(fs.getScheme())) {
        fs.setTimes(path, System.currentTimeMillis(), -1);
      } else {
        put(path, bytes, true);
      }
    } catch (IOException e) {
      throw UnwritableException.of(path, e);
    }
  }

  private boolean isLocal() {
    return "file".equals(fs.getScheme());
  }

  private void put(Path path, byte[] bytes, boolean overwrite) throws IOException {
    try (var out = fs.create(path, overwrite)) {
      out.write(bytes);
    }
  }

  private void rename(Path path, byte[] bytes) throws IOException {
    Path draft = new Path(path.getParent(), path.getName() + "." + UUID.randomUUID() + ".tmp");
    var context = FileContext.getFileContext(fs.getUri(), hadoop);
    try (var out =
        context.create(draft, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
      out.write(bytes);
      out.hsync();
    }
    try {
      context.rename(draft, path, Options.Rename.NONE);
    } finally {
      context.delete(draft, false);
    }
  }

  private static InputException failed(Path path, String what, IOException e) {
    return new InputException(text(path, what, e), e);
  }

  private static String text(Path path, String what, IOException e) {
    String why = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    return Text.of("%s: %s: %s", path, what, why);
  }
}
