package org.bitquake.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class PublishedNetworksTest {
  private static final Path COPIES = Path.of("../../shared/data");

  @Test
  void theFilesAtHandAreThosePublished() {
    for (Source source : PublishedNetworks.ALL) {
      assumeTrue(Files.isDirectory(COPIES.resolve(source.name())), source.name() + " is not here");
      List<Verifier.Finding> findings =
          Verifier.verify(source, COPIES.toString(), new Configuration());
      assertThat(findings).hasSameSizeAs(source.archives()).allMatch(Verifier.Finding::isOriginal);
      for (Source.Archive archive : source.archives()) {
        Path file = COPIES.resolve(source.name()).resolve(archive.file());
        assertThat(file).hasSize(archive.bytes()).hasDigest("MD5", archive.md5());
      }
    }
  }

  /** A branch may change what an address gives; a commit does not. */
  @Test
  void addressesAreOfCommits() {
    for (Source source : PublishedNetworks.ALL) {
      for (Source.Archive archive : source.archives()) {
        assertThat(URI.create(source.base() + archive.path()))
            .hasScheme("https")
            .hasHost("raw.githubusercontent.com");
        assertThat(archive.path()).matches("[0-9a-f]{40}/.*/" + archive.file());
      }
    }
  }
}
