package org.bitquake.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.bitquake.InputException;
import org.bitquake.Text;

/**
 * Unpacks the data files of a {@code .tar.gz}, and nothing else, each as {@code NAME.part}. An
 * entry's name never becomes a path: it only chooses among the expected names.
 */
final class TarUnpacker {
  /** Texts with class names, welcome but without a published checksum. */
  static final List<String> CLASS_NAMES =
      List.of("batches.meta.txt", "fine_label_names.txt", "coarse_label_names.txt");

  private static final long MAX_CLASS_NAMES = 64L << 10;
  private static final long MAX_TOTAL = 1L << 30;

  private TarUnpacker() {}

  /**
   * Unpacks into {@code target}.
   *
   * @param folder the archive's folder that holds the files
   * @return the {@code .part} file of each expected file, checked, and of the class names if there
   * @throws InputException if the archive is damaged, lacks a file, holds another one under its
   *     name, or has an entry that points out of its folder
   */
  static Map<String, Path> unpack(
      Path archive, Optional<String> folder, List<Source.Contents> expected, Path target)
      throws IOException {
    Map<String, Source.Contents> wanted =
        expected.stream().collect(Collectors.toMap(Source.Contents::file, Function.identity()));
    Map<String, Path> parts = new LinkedHashMap<>();
    long total = 0;
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        var tar = new TarArchiveInputStream(new GzipCompressorInputStream(file, true))) {
      for (TarArchiveEntry entry; (entry = tar.getNextTarEntry()) != null; ) {
        String name = safeName(archive, entry);
        total += Math.max(0, entry.getSize());
        if (total > MAX_TOTAL) {
          throw bad(archive, Text.of("holds over %d MiB", MAX_TOTAL >> 20));
        }
        String inFolder =
            folder
                .map(f -> name.startsWith(f + "/") ? name.substring(f.length() + 1) : "")
                .orElse(name);
        boolean classNames = CLASS_NAMES.contains(inFolder);
        if (!classNames && !wanted.containsKey(inFolder)) {
          continue;
        }
        checkEntry(archive, entry, classNames ? entry.getSize() : wanted.get(inFolder).bytes());
        if (classNames && entry.getSize() > MAX_CLASS_NAMES) {
          throw bad(archive, Text.of("has %d bytes in %s", entry.getSize(), name));
        }
        Path part = target.resolve(inFolder + ".part");
        if (parts.put(inFolder, part) != null) {
          throw bad(archive, Text.of("has '%s' twice", name));
        }
        Files.copy(tar, part, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new InputException(
          Text.of(
              "%s cannot be unpacked: %s; delete it and fetch again", archive, DataFile.reason(e)),
          e);
    }
    for (Source.Contents contents : expected) {
      if (!parts.containsKey(contents.file())) {
        throw bad(archive, "lacks " + contents.file());
      }
      Verifier.check(DataFile.local(parts.get(contents.file())), contents)
          .problem()
          .ifPresent(
              problem -> {
                throw bad(archive, Text.of("holds another %s: %s", contents.file(), problem));
              });
    }
    return parts;
  }

  private static String safeName(Path archive, TarArchiveEntry entry) {
    String name = entry.getName();
    String plain = name.startsWith("./") ? name.substring(2) : name;
    if (plain.startsWith("/")
        || plain.contains("\\")
        || List.of(plain.split("/", -1)).contains("..")) {
      throw bad(archive, Text.of("has an entry that points out of its folder: '%s'", name));
    }
    return plain;
  }

  private static void checkEntry(Path archive, TarArchiveEntry entry, long bytes) {
    if (!entry.isFile() || entry.isLink() || entry.isSymbolicLink()) {
      throw bad(archive, Text.of("has '%s', which is no plain file", entry.getName()));
    }
    if (entry.getSize() != bytes) {
      throw bad(
          archive, Text.of("has %d bytes in %s, not %d", entry.getSize(), entry.getName(), bytes));
    }
  }

  private static InputException bad(Path archive, String fact) {
    return new InputException(
        Text.of(
            "%s %s; it is not the published archive, delete it and fetch again", archive, fact));
  }
}
