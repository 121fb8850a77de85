package org.bitquake.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Downloads published data sets and networks into a local directory. A file has its final name only
 * when it is complete and checked; what is already there and right is kept, what is there and wrong
 * is never overwritten unless forced.
 */
public final class DatasetFetcher {
  private final Download download;

  public DatasetFetcher(Progress progress) {
    this(progress, Download.Patience.DEFAULT);
  }

  DatasetFetcher(Progress progress, Download.Patience patience) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    download = new Download(client, patience, progress);
  }

  /**
   * Sees to it that {@code directory/NAME} holds the published files.
   *
   * @param force overwrite files that are not the published ones
   * @return the folder that holds the files
   * @throws InputException if the server or the directory has something else, or the connection
   *     fails for good
   */
  public Path fetch(Source source, Path directory, boolean force) {
    Path home = directory.resolve(source.name());
    Path folder = source.folder().map(home::resolve).orElse(home);
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
          FileChannel.open(
              home.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        lock(channel, home);
        for (Source.Archive archive : source.archives()) {
          fetch(source, archive, home, folder, force);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new InputException(
          Text.of(
              "%s cannot be filled: %s; check the directory, its space and your rights", home, e),
          e);
    }
  }

  private void fetch(Source source, Source.Archive archive, Path home, Path folder, boolean force)
      throws IOException {
    List<Source.Contents> missing =
        archive.contents().stream().filter(c -> !isThere(folder, c, force)).toList();
    if (missing.isEmpty()) {
      return;
    }
    if (archive.isTar()) {
      Path own = home.resolve(archive.file());
      if (isThere(own, archive, force)) {
        unpack(source, archive, own, folder, missing);
      } else {
        Path part = get(source, archive, home);
        unpack(source, archive, part, folder, missing);
        Files.delete(part);
      }
      return;
    }
    Path part = get(source, archive, home);
    Source.Contents contents = archive.contents().get(0);
    Optional<String> problem = Verifier.check(DataFile.local(part), contents).problem();
    if (problem.isPresent()) {
      Files.delete(part);
      throw new InputException(
          Text.of(
              "%s%s: %s; deleted, try another --url",
              source.base(), archive.path(), problem.get()));
    }
    Path file = folder.resolve(archive.file());
    place(part, file);
    for (String other : List.of(contents.file(), contents.file() + ".gz")) {
      if (!other.equals(archive.file())) {
        Files.deleteIfExists(folder.resolve(other));
      }
    }
  }

  private Path get(Source source, Source.Archive archive, Path home) throws IOException {
    Path part = home.resolve(archive.file() + ".part");
    download.get(address(source, archive), part, archive);
    return part;
  }

  private static void unpack(
      Source source, Source.Archive archive, Path file, Path folder, List<Source.Contents> missing)
      throws IOException {
    try {
      Map<String, Path> parts =
          TarUnpacker.unpack(file, source.folder(), archive.contents(), folder);
      for (Source.Contents contents : missing) {
        place(parts.get(contents.file()), folder.resolve(contents.file()));
        Files.deleteIfExists(folder.resolve(contents.file() + ".gz"));
      }
      for (String name : TarUnpacker.CLASS_NAMES) {
        Path names = folder.resolve(name);
        if (parts.containsKey(name) && !Files.exists(names)) {
          place(parts.get(name), names);
        }
      }
    } finally {
      for (Source.Contents contents : archive.contents()) {
        Files.deleteIfExists(folder.resolve(contents.file() + ".part"));
      }
      for (String name : TarUnpacker.CLASS_NAMES) {
        Files.deleteIfExists(folder.resolve(name + ".part"));
      }
    }
  }

  /** Whether the published contents are there, as {@link DataFolder} would find them. */
  private static boolean isThere(Path folder, Source.Contents contents, boolean force) {
    Optional<Path> file =
        Stream.of(contents.file() + ".gz", contents.file())
            .map(folder::resolve)
            .filter(Files::exists)
            .findFirst();
    if (file.isEmpty()) {
      return false;
    }
    Optional<String> problem = Verifier.check(DataFile.local(file.get()), contents).problem();
    problem.ifPresent(p -> refuse(file.get(), p, force));
    return problem.isEmpty();
  }

  /** Whether the user has put the archive there. */
  private static boolean isThere(Path file, Source.Archive archive, boolean force)
      throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    String md5;
    try (var in = Files.newInputStream(file)) {
      md5 = Checksums.of(in, "MD5", archive.bytes()).hex();
    }
    if (md5.equals(archive.md5())) {
      return true;
    }
    refuse(file, Text.of("other contents: MD5 %s, not %s", md5, archive.md5()), force);
    return false;
  }

  private static void refuse(Path file, String problem, boolean force) {
    if (!force) {
      throw new InputException(
          Text.of(
              "%s is there but not the published file (%s); move it away or overwrite it with --force",
              file, problem));
    }
  }

  private static void place(Path part, Path target) throws IOException {
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static URI address(Source source, Source.Archive archive) {
    try {
      URI uri = URI.create(source.base() + archive.path());
      if (List.of("http", "https").contains(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new InputException(
        Text.of(
            "--url %s is no web address; give one that begins with http:// or https://",
            source.base()));
  }

  /** Two processes at once would write into the same files; closing the channel unlocks. */
  private static void lock(FileChannel channel, Path home) throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process.
    }
    if (lock == null) {
      throw new InputException(Text.of("%s: another fetch is at work there; wait for it", home));
    }
  }
}
