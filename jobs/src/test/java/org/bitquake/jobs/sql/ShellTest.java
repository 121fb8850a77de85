package org.bitquake.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import org.bitquake.InputException;
import org.bitquake.jobs.FakeResults;
import org.bitquake.jobs.TestSpark;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShellTest {
  private static SqlSession session;
  private final StringWriter text = new StringWriter();

  @BeforeAll
  static void open() {
    session = SqlSession.open(TestSpark.session(), FakeResults.directory().toString());
  }

  private String script(ResultFormat format, String input) throws IOException {
    new Shell(session, format, new PrintWriter(text)).runScript(new StringReader(input));
    return text.toString();
  }

  @Test
  void aPipeMaySpanLinesAndOmitTheLastSemicolon() throws IOException {
    assertThat(script(ResultFormat.CSV, "SELECT 1\n AS a;\n\nSELECT 2 AS b; SELECT 3 AS c\n"))
        .isEqualTo("a\n1\nb\n2\nc\n3\n");
  }

  @Test
  void tablesAreListedWithTheirRows() throws IOException {
    assertThat(script(ResultFormat.TABLE, "tables\n").lines().map(l -> l.replaceAll(" +", " ")))
        .contains("cells 30", "networks 2", "trials 1,200");
  }

  @Test
  void helpDescribeAndQuit() throws IOException {
    assertThat(script(ResultFormat.TABLE, "help\ndescribe cells\nquit\nSELECT wrong\n"))
        .contains("describe TABLE", "half_width", "half the confidence interval");
  }

  @Test
  void theFirstWrongStatementEndsAScript() {
    assertThatThrownBy(
            () -> script(ResultFormat.CSV, "SELECT 1 AS a;\nDROP VIEW cells;\nSELECT 2;"))
        .isInstanceOf(InputException.class);
    assertThat(text.toString()).isEqualTo("a\n1\n");
  }
}
