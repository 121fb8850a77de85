package org.bitquake.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every link, anchor and image within the repository leads somewhere. */
class LinksTest {
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final int LONGEST_README = 150;

  static List<Path> documents() throws IOException {
    return Documents.all();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyLinkLeadsSomewhere(Path document) throws IOException {
    for (String link : Documents.read(document).links()) {
      assertThat(fault(document, link)).as("%s: %s", document, link).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "README.md, LICENSE,",
    "README.md, https://arxiv.org/abs/2406.10528,",
    "README.md, jobs,",
    "jobs/README.md, ../README.md#licence,",
    "README.md, LICENCE, no such file",
    "jobs/README.md, README.md#nothing-of-this-name, no such heading",
    "README.md, #nothing-of-this-name, no such heading",
    "README.md, LICENSE#apache, only Markdown has headings",
    "README.md, ../elsewhere, outside of the repository"
  })
  void brokenLinksAreFound(Path document, String link, String fault) throws IOException {
    assertThat(fault(document, link)).isEqualTo(Optional.ofNullable(fault));
  }

  /** What is wrong with a link. */
  private static Optional<String> fault(Path document, String link) throws IOException {
    if (ELSEWHERE.matcher(link).matches()) {
      return Optional.empty();
    }
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path file = Documents.ROOT.resolve(document).resolveSibling(path).normalize();
    Path target = path.isEmpty() ? Documents.ROOT.resolve(document) : file;
    if (!target.startsWith(Documents.ROOT)) {
      return Optional.of("outside of the repository");
    }
    if (!Files.exists(target)) {
      return Optional.of("no such file");
    }
    return hash < 0 ? Optional.empty() : headingFault(target, link.substring(hash + 1));
  }

  private static Optional<String> headingFault(Path target, String anchor) throws IOException {
    if (!target.toString().endsWith(".md")) {
      return Optional.of("only Markdown has headings");
    }
    var anchors = Documents.read(Documents.ROOT.relativize(target)).anchors();
    return anchors.contains(anchor) ? Optional.empty() : Optional.of("no such heading");
  }

  @Test
  void theReadmeIsShortAndHasTheTwoCommands() throws IOException {
    var readme = Path.of("README.md");
    assertThat(Documents.markdown(readme).lines().count()).isLessThanOrEqualTo(LONGEST_README);
    assertThat(Documents.read(readme).blocks())
        .contains(
            new Document.Block("sh", "submit/bitquake campaign conf/lenet5.yaml\n"),
            new Document.Block("sh", "mvn -B -ntp verify\n"));
  }
}
