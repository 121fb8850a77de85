package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.SmallFiles.gzip;
import static org.bitquake.data.SmallFiles.hash;
import static org.bitquake.data.SmallFiles.pattern;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.bitquake.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarFetchTest {
  private static final byte[] A = pattern(5_000, 3);
  private static final byte[] B = pattern(7_000, 5);
  private static final byte[] NAMES = "cat\ndog\n".getBytes(StandardCharsets.US_ASCII);

  /** An entry; a null content makes a symbolic link to /etc/passwd. */
  private record Entry(String name, byte[] content) {}

  private static final List<Entry> GOOD =
      List.of(
          new Entry("in/a.bin", A),
          new Entry("in/readme.html", NAMES),
          new Entry("other/b.bin", A),
          new Entry("./in/b.bin", B),
          new Entry("in/batches.meta.txt", NAMES));

  @TempDir Path dir;
  private TestServer server;
  private final DatasetFetcher fetcher =
      new DatasetFetcher(
          Progress.NONE, new Download.Patience(1, Duration.ofMillis(1), Duration.ofSeconds(20)));

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static byte[] tar(List<Entry> entries) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      for (Entry e : entries) {
        TarArchiveEntry entry =
            e.content() == null
                ? new TarArchiveEntry(e.name(), TarConstants.LF_SYMLINK)
                : new TarArchiveEntry(e.name(), true);
        if (e.content() == null) {
          entry.setLinkName("/etc/passwd");
        } else {
          entry.setSize(e.content().length);
        }
        tar.putArchiveEntry(entry);
        if (e.content() != null) {
          tar.write(e.content());
        }
        tar.closeArchiveEntry();
      }
    }
    return gzip(bytes.toByteArray());
  }

  /** A server with this archive, which has the checksum that is expected. */
  private Source publish(byte[] archive) {
    server.files.put("t.tar.gz", archive);
    return new Source(
        "set",
        server.base(),
        Optional.of("in"),
        List.of(
            new Source.Archive(
                "t.tar.gz",
                archive.length,
                hash("MD5", archive),
                List.of(
                    new Source.Contents("a.bin", A.length, hash("SHA-256", A)),
                    new Source.Contents("b.bin", B.length, hash("SHA-256", B))))));
  }

  private List<String> filesBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(p -> !Files.isDirectory(p))
          .map(p -> folder.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void unpacksTheDataFilesAndNothingElse() throws IOException {
    Source source = publish(tar(GOOD));
    Path folder = fetcher.fetch(source, dir, false);
    assertThat(folder).isEqualTo(dir.resolve("set/in"));
    assertThat(folder.resolve("a.bin")).hasBinaryContent(A);
    assertThat(folder.resolve("b.bin")).hasBinaryContent(B);
    assertThat(filesBelow(dir))
        .containsExactly("set/.lock", "set/in/a.bin", "set/in/b.bin", "set/in/batches.meta.txt");
    fetcher.fetch(source, dir, false);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void keepsTheNamesOfCifar100sClasses() throws IOException {
    Source source =
        publish(
            tar(
                List.of(
                    GOOD.get(0),
                    GOOD.get(3),
                    new Entry("in/fine_label_names.txt", NAMES),
                    new Entry("in/coarse_label_names.txt", NAMES))));
    fetcher.fetch(source, dir, false);
    assertThat(filesBelow(dir))
        .containsExactly(
            "set/.lock",
            "set/in/a.bin",
            "set/in/b.bin",
            "set/in/coarse_label_names.txt",
            "set/in/fine_label_names.txt");
  }

  @Test
  void fetchesAgainWhatIsMissingAndKeepsWhatIsThere() throws IOException {
    Source source = publish(tar(GOOD));
    Path folder = fetcher.fetch(source, dir, false);
    Files.delete(folder.resolve("b.bin"));
    var kept = Files.getLastModifiedTime(folder.resolve("a.bin"));
    fetcher.fetch(source, dir, false);
    assertThat(folder.resolve("b.bin")).hasBinaryContent(B);
    assertThat(Files.getLastModifiedTime(folder.resolve("a.bin"))).isEqualTo(kept);
  }

  @Test
  void overwritesOtherContentsOnlyByForce() throws IOException {
    Source source = publish(tar(GOOD));
    Path a = Files.createDirectories(dir.resolve("set/in")).resolve("a.bin");
    Files.write(a, B);
    assertThatThrownBy(() -> fetcher.fetch(source, dir, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(a + " is there");
    assertThat(server.requests).isEmpty();
    fetcher.fetch(source, dir, true);
    assertThat(a).hasBinaryContent(A);
  }

  @Test
  void takesTheUsersOwnArchiveAndLeavesIt() throws IOException {
    byte[] archive = tar(GOOD);
    Source source = publish(archive);
    Path own = Files.createDirectories(dir.resolve("set")).resolve("t.tar.gz");
    Files.write(own, Arrays.copyOf(archive, 100));
    assertThatThrownBy(() -> fetcher.fetch(source, dir, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("other contents: MD5");
    Files.write(own, archive);
    fetcher.fetch(source, dir, false);
    assertThat(server.requests).isEmpty();
    assertThat(own).exists();
    assertThat(dir.resolve("set/in/a.bin")).hasBinaryContent(A);
  }

  private void refuses(byte[] archive, String fact) throws IOException {
    Source source = publish(archive);
    assertThatThrownBy(() -> fetcher.fetch(source, dir.resolve("deep/down"), false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(fact)
        .hasMessageNotContaining("\n");
    assertThat(filesBelow(dir)).isSubsetOf("deep/down/set/.lock", "deep/down/set/t.tar.gz.part");
    Files.deleteIfExists(dir.resolve("deep/down/set/t.tar.gz.part"));
  }

  private static List<Entry> with(Entry... more) {
    return Stream.concat(GOOD.stream(), Stream.of(more)).toList();
  }

  @Test
  void refusesEntriesThatPointOutOfTheFolder() throws IOException {
    for (String name :
        new String[] {"../../evil", "in/../../a.bin", "/tmp/evil", "in/..", "in\\..\\x"}) {
      refuses(tar(with(new Entry(name, A))), "points out of its folder: '" + name);
    }
  }

  @Test
  void refusesLinksDoublesOtherLengthsOtherContentsAndGaps() throws IOException {
    refuses(tar(List.of(new Entry("in/a.bin", null), GOOD.get(3))), "is no plain file");
    refuses(tar(with(GOOD.get(0))), "has 'in/a.bin' twice");
    refuses(tar(List.of(new Entry("in/a.bin", B))), "has 7000 bytes in in/a.bin, not 5000");
    refuses(tar(List.of(GOOD.get(0), new Entry("in/b.bin", pattern(7_000, 6)))), "another b.bin");
    refuses(tar(List.of(GOOD.get(0))), "lacks b.bin");
    refuses(
        tar(List.of(new Entry("in/batches.meta.txt", new byte[70_000]))),
        "has 70000 bytes in in/batches.meta.txt");
  }

  @Test
  void refusesADamagedArchive() throws IOException {
    byte[] good = tar(GOOD);
    refuses(Arrays.copyOf(good, good.length / 2), "cannot be unpacked");
    refuses(A, "cannot be unpacked");
  }
}
