package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.SmallFiles.gzip;
import static org.bitquake.data.SmallFiles.hash;
import static org.bitquake.data.SmallFiles.pattern;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.bitquake.InputException;
import org.bitquake.Text;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DatasetFetcherTest {
  private static final byte[] DATA = new byte[300_000];
  private static final byte[] GZ;

  static {
    // Random bytes, so that the compressed file is long too.
    new Random(1).nextBytes(DATA);
    GZ = gzip(DATA);
  }

  @TempDir Path dir;
  private TestServer server;
  private Source source;
  private final List<Progress.Step> steps = new ArrayList<>();
  private final DatasetFetcher fetcher =
      new DatasetFetcher(
          steps::add, new Download.Patience(3, Duration.ofMillis(1), Duration.ofMillis(20_000)));

  @BeforeEach
  void start() throws IOException {
    server = new TestServer();
    server.files.put("x.gz", GZ);
    source =
        new Source(
            "set",
            server.base(),
            Optional.empty(),
            List.of(
                new Source.Archive(
                    "x.gz",
                    GZ.length,
                    hash("MD5", GZ),
                    List.of(new Source.Contents("x", DATA.length, hash("SHA-256", DATA))))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path file() {
    return dir.resolve("set/x.gz");
  }

  private Path part() {
    return dir.resolve("set/x.gz.part");
  }

  private void assertFetched() throws IOException {
    assertThat(fetcher.fetch(source, dir, false)).isEqualTo(dir.resolve("set"));
    assertThat(file()).hasBinaryContent(GZ);
    assertThat(part()).doesNotExist();
  }

  private void assertRefused(boolean force, String... facts) {
    assertThatThrownBy(() -> fetcher.fetch(source, dir, force))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(facts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void fetchesAFileOnceAndReportsProgress() throws IOException {
    assertFetched();
    assertFetched();
    assertThat(server.requests).containsExactly("x.gz");
    assertThat(steps).isNotEmpty().allMatch(s -> s.total() == GZ.length);
    assertThat(steps).extracting(Progress.Step::done).isSorted().last().isEqualTo((long) GZ.length);
  }

  @Test
  void goesOnAfterACutConnection() throws IOException {
    server.cuts.set(2);
    server.cutAfter = 100_000;
    assertFetched();
    assertThat(server.requests).containsExactly("x.gz", "x.gz bytes=100000-", "x.gz bytes=200000-");
  }

  @Test
  void goesOnFromWhatAnEarlierRunLeft() throws IOException {
    server.cuts.set(3);
    server.cutAfter = 50_000;
    assertRefused(false, "gave up after 3 attempts with 150000 of " + GZ.length, "run it again");
    assertThat(file()).doesNotExist();
    assertFetched();
    assertThat(server.requests).last().isEqualTo("x.gz bytes=150000-");
  }

  @Test
  void beginsAgainOnAServerWithoutRanges() throws IOException {
    server.ranges = false;
    server.cuts.set(1);
    server.cutAfter = 100_000;
    assertFetched();
    assertThat(server.requests).containsExactly("x.gz", "x.gz bytes=100000-");
  }

  @Test
  void beginsAgainOnAWrongRangeAndOnAPartThatIsTooLong() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[100]);
    server.rangeError = 1;
    assertFetched();
    assertThat(server.requests).containsExactly("x.gz bytes=100-", "x.gz");
    Files.delete(file());
    Files.write(part(), new byte[GZ.length + 1]);
    assertFetched();
    assertThat(server.requests).last().isEqualTo("x.gz");
  }

  /** The server keeps the first connection open for ever; the time limit only ends a hang. */
  @Test
  @Timeout(120)
  void aStalledConnectionCountsAsCut() throws IOException {
    server.cuts.set(1);
    server.cutAfter = 100_000;
    server.stall = true;
    var impatient =
        new DatasetFetcher(
            Progress.NONE, new Download.Patience(30, Duration.ofMillis(1), Duration.ofSeconds(1)));
    impatient.fetch(source, dir, false);
    assertThat(file()).hasBinaryContent(GZ);
    assertThat(server.requests).hasSizeGreaterThan(1);
  }

  @Test
  void triesAgainWhenTheServerIsBusyButNotWhenTheFileIsUnknown() throws IOException {
    server.unavailable.set(2);
    assertFetched();
    assertThat(server.requests).hasSize(3);
    Files.delete(file());
    server.files.clear();
    assertRefused(false, server.base() + "x.gz", "404", "check --url");
    assertThat(server.requests).hasSize(4);
  }

  @Test
  void aWrongChecksumLeavesNothing() throws IOException {
    byte[] other = GZ.clone();
    other[1000] ^= 1;
    server.files.put("x.gz", other);
    assertRefused(false, "the MD5 is " + hash("MD5", other), "not the published", "deleted");
    assertThat(file()).doesNotExist();
    assertThat(part()).doesNotExist();
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aWrongLengthIsFoundWithAndWithoutContentLength() {
    server.files.put("x.gz", pattern(GZ.length + 1, 3));
    assertRefused(false, Text.of("the server has %d bytes", GZ.length + 1), "check --url");
    server.chunked = true;
    assertRefused(false, "the server has more bytes", "check --url");
    server.files.put("x.gz", pattern(10, 3));
    server.chunked = false;
    assertRefused(false, "the server has 10 bytes", "check --url");
    assertThat(file()).doesNotExist();
  }

  @Test
  void keepsTheSameContentsCompressedOtherwiseOrNotAtAll() throws IOException {
    Files.createDirectories(file().getParent());
    Files.write(file().resolveSibling("x"), DATA);
    assertThat(fetcher.fetch(source, dir, false)).isEqualTo(dir.resolve("set"));
    assertThat(server.requests).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void overwritesOtherContentsOnlyByForce() throws IOException {
    Files.createDirectories(file().getParent());
    Files.write(file(), gzip(pattern(DATA.length, 1)));
    assertRefused(false, file() + " is there", "--force");
    assertThat(server.requests).isEmpty();
    fetcher.fetch(source, dir, true);
    assertThat(file()).hasBinaryContent(GZ);
  }

  @Test
  void aFailedForcedFetchLeavesTheOldFile() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "old");
    server.files.clear();
    assertRefused(true, "404");
    assertThat(file()).hasContent("old");
  }

  @Test
  void refusesToWorkBesideAnotherFetch() throws IOException {
    Files.createDirectories(dir.resolve("set"));
    try (var channel =
        FileChannel.open(
            dir.resolve("set/.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(channel.lock().isValid()).isTrue();
      assertRefused(false, "another fetch is at work");
    }
    assertFetched();
  }

  @Test
  void refusesAddressesThatAreNotOfTheWeb() {
    for (String base : new String[] {"file:/tmp", "x y", "https:", "ftp://host"}) {
      source = source.at(base);
      assertRefused(false, "--url " + base, "http://");
    }
  }

  @Test
  void saysWhenTheDirectoryCannotBeWritten() throws IOException {
    Files.writeString(dir.resolve("set"), "a file");
    assertRefused(false, dir.resolve("set") + " cannot be filled");
  }

  /** A file that is no archive, in a folder of the server. */
  private static Source plain(String base) {
    return new Source(
        "set",
        base,
        Optional.empty(),
        List.of(
            new Source.Archive(
                "a/b/net.bin",
                DATA.length,
                hash("MD5", DATA),
                List.of(new Source.Contents("net.bin", DATA.length, hash("SHA-256", DATA))))));
  }

  @Test
  void fetchesAFileThatIsNoArchiveOutOfFoldersOrFromAFlatServer() throws IOException {
    source = plain(server.base());
    server.files.put("a/b/net.bin", DATA);
    fetcher.fetch(source, dir, false);
    fetcher.fetch(source, dir, false);
    Path net = dir.resolve("set/net.bin");
    assertThat(net).hasBinaryContent(DATA);
    assertThat(server.requests).containsExactly("a/b/net.bin");
    Files.delete(net);
    server.files.clear();
    server.files.put("net.bin", DATA);
    fetcher.fetch(source.at(server.base()), dir, false);
    assertThat(net).hasBinaryContent(DATA);
    try (Stream<Path> files = Files.list(dir.resolve("set"))) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("net.bin", ".lock");
    }
  }

  @Test
  void aDamagedFileThatIsNoArchiveOverwritesNothing() throws IOException {
    source = plain(server.base());
    byte[] other = DATA.clone();
    other[1000] ^= 1;
    server.files.put("a/b/net.bin", other);
    assertRefused(false, "a/b/net.bin: the MD5 is " + hash("MD5", other), "deleted");
    Path net = dir.resolve("set/net.bin");
    assertThat(net).doesNotExist();
    Files.writeString(net, "mine");
    assertRefused(false, net + " is there but not the published file", "--force");
    assertThat(server.requests).hasSize(1);
    assertRefused(true, "a/b/net.bin: the MD5 is");
    assertThat(net).hasContent("mine");
    server.files.put("a/b/net.bin", DATA);
    fetcher.fetch(source, dir, true);
    assertThat(net).hasBinaryContent(DATA);
  }

  /** Where only the checksum of the contents could tell. */
  @Test
  void theChecksumOfTheContentsCountsToo() {
    var archive = plain(server.base()).archives().get(0);
    var contents = new Source.Contents("net.bin", DATA.length, hash("SHA-256", GZ));
    source =
        new Source(
            "set",
            server.base(),
            Optional.empty(),
            List.of(
                new Source.Archive(
                    archive.path(), archive.bytes(), archive.md5(), List.of(contents))));
    server.files.put("a/b/net.bin", DATA);
    assertRefused(false, server.base() + "a/b/net.bin: other contents: SHA-256", "deleted");
    assertThat(dir.resolve("set/net.bin")).doesNotExist();
    assertThat(dir.resolve("set/net.bin.part")).doesNotExist();
  }

  @Test
  void pathsLeadNowhereElse() {
    var archive = plain("http://x/").archives().get(0);
    for (String path : new String[] {"../net.bin", "/net.bin", "a//net.bin", "a/.git/net.bin"}) {
      assertThatThrownBy(
              () -> new Source.Archive(path, archive.bytes(), archive.md5(), archive.contents()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a plain file name");
    }
  }

  @Test
  void leavesNothingElseBehind() throws IOException {
    assertFetched();
    try (Stream<Path> files = Files.list(dir.resolve("set"))) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("x.gz", ".lock");
    }
  }
}
