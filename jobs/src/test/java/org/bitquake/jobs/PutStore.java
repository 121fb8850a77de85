package org.bitquake.jobs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.bitquake.jobs.store.LocalDisk;

/**
 * What an object store promises, over a local folder: a file appears whole when its writer closes
 * it, over what is there by then; times cannot be set. It can run out of room.
 */
public class PutStore extends LocalDisk.Raw {
  private static final URI NAME = URI.create("s3a://bucket/");
  private static final AtomicLong LIFE = new AtomicLong(Long.MAX_VALUE);
  private static volatile boolean full;

  /** Lets all stores run out of room, or have some again. */
  public static void setFull(boolean isFull) {
    full = isFull;
  }

  /**
   * Lets that many more changes happen, and none after them: what a process that is killed just
   * then leaves behind.
   */
  public static void dieAfter(long changes) {
    LIFE.set(changes);
  }

  /** True if a change was refused since {@link #dieAfter}. */
  public static boolean isDead() {
    return LIFE.get() < 0;
  }

  private static void live() throws IOException {
    if (LIFE.decrementAndGet() < 0) {
      throw new IOException("killed");
    }
  }

  /** With this store as {@code s3a}. */
  public static Configuration configuration() {
    var hadoop = new Configuration();
    hadoop.set("fs.s3a.impl", PutStore.class.getName());
    return hadoop;
  }

  @Override
  public String getScheme() {
    return "s3a";
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    if (!overwrite && exists(path)) {
      throw new FileAlreadyExistsException(path + " exists");
    }
    var target = pathToFile(path).toPath();
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() throws IOException {
            if (full) {
              throw new IOException("No space left on device");
            }
            live();
            Files.createDirectories(target.getParent());
            var draft = Files.createTempFile("put", null);
            Files.write(draft, toByteArray());
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE); // no moment without it
          }
        },
        statistics);
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return create(path, null, overwrite, bufferSize, replication, blockSize, progress);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    live();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    live();
    return super.delete(path, recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    live();
    return super.mkdirs(path);
  }

  @Override
  public void setTimes(Path path, long modified, long accessed) {
    throw new UnsupportedOperationException("no times");
  }
}
