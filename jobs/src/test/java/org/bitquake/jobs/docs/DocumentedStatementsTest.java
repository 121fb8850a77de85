package org.bitquake.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.bitquake.jobs.sql.SqlSession;
import org.junit.jupiter.api.Test;

/** SQL in sentences and commands asks for tables and columns that are there. */
class DocumentedStatementsTest {
  private static final Pattern ALONE = Pattern.compile("(SELECT|DESCRIBE) .*");
  private static final Pattern QUOTED = Pattern.compile("\"(SELECT [^\"]*)\"");

  @Test
  void everyStatementCanBeAsked() throws IOException {
    var session = SqlSession.open(TestSpark.session(), FakeResults.directory().toString());
    List<String> found = new ArrayList<>();
    for (Path document : Documents.all()) {
      for (String statement : statements(Documents.read(document)).toList()) {
        assertThatCode(() -> session.query(statement))
            .as("%s: %s", document, statement)
            .doesNotThrowAnyException();
        found.add(statement);
      }
    }
    assertThat(found).contains("DESCRIBE trials", "SELECT * FROM cells");
  }

  private static Stream<String> statements(Document document) {
    var inBlocks =
        document.blocks().stream()
            .flatMap(block -> QUOTED.matcher(block.text()).results())
            .map(statement -> statement.group(1));
    return Stream.concat(document.code().stream().filter(ALONE.asMatchPredicate()), inBlocks);
  }
}
