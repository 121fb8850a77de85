package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bitquake.data.SmallFiles.gzip;
import static org.bitquake.data.SmallFiles.hash;
import static org.bitquake.data.SmallFiles.pattern;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bitquake.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {
  private static final Path ORIGINALS = Path.of("../../shared/data/fashion-mnist");
  private static final Configuration HADOOP = new Configuration();
  private static final byte[] DATA = pattern(1_000, 7);

  @TempDir Path dir;

  private static final Source SOURCE =
      new Source(
          "set",
          "http://127.0.0.1/",
          Optional.empty(),
          List.of(
              archive("same"), archive("longer"), archive("other"), archive("cut"), archive("no")));

  private static Source.Archive archive(String name) {
    return new Source.Archive(
        name + ".gz",
        1,
        "0".repeat(32),
        List.of(new Source.Contents(name, DATA.length, hash("SHA-256", DATA))));
  }

  @Test
  void comparesUncompressedContents() throws IOException {
    byte[] other = DATA.clone();
    other[999] ^= 1;
    byte[] gz = gzip(DATA);
    Files.write(dir.resolve("same"), DATA);
    Files.write(dir.resolve("longer.gz"), gzip(Arrays.copyOf(DATA, 1_001)));
    Files.write(dir.resolve("other.gz"), gzip(other));
    Files.write(dir.resolve("cut.gz"), Arrays.copyOf(gz, gz.length - 9));
    var findings = Verifier.verify(SOURCE, dir.toString(), HADOOP);
    assertThat(findings)
        .extracting(Verifier.Finding::isOriginal)
        .containsExactly(true, false, false, false, false);
    assertThat(findings.get(0).file()).isEqualTo(dir.resolve("same").toString());
    assertThat(findings)
        .extracting(f -> f.problem().orElse(""))
        .satisfiesExactly(
            p -> assertThat(p).isEmpty(),
            p -> assertThat(p).isEqualTo("more bytes uncompressed, not 1000"),
            p -> assertThat(p).startsWith("other contents: SHA-256 " + hash("SHA-256", other)),
            p -> assertThat(p).startsWith("damaged: "),
            p -> assertThat(p).isEqualTo("missing"));
  }

  @Test
  void refusesADirectoryWithoutAnyOfTheFiles() {
    assertThatThrownBy(() -> Verifier.verify(SOURCE, dir.toString(), HADOOP))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no same (or .gz) in " + dir);
  }

  @Test
  void acceptsTheOriginalsCompressedAnew() {
    assumeTrue(Files.exists(ORIGINALS), "needs the full Fashion-MNIST in ../shared/data");
    var findings =
        Verifier.verify(Source.PUBLISHED.get(0), ORIGINALS.getParent().toString(), HADOOP);
    assertThat(findings).hasSize(4).allMatch(Verifier.Finding::isOriginal);
  }
}
